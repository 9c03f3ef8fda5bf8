// A JSON value: built to be sent to the engine, or read from what the engine sent. It is not a general JSON library:
// numbers are 64-bit integers or doubles, bytes travel as base64 text, and nothing throws.
#ifndef RTC_ENGINE_CPP_JSON_H_
#define RTC_ENGINE_CPP_JSON_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace liteav {
namespace detail {

class Json {
 public:
  enum class Kind { null, boolean, integer, real, text, array, object };

  // -- Building. Implicit on purpose, so that `object.set("userId", userId)` reads well for every parameter type.
  Json() = default;
  Json(bool value) : kind_(Kind::boolean), integer_(value ? 1 : 0) {}
  Json(int value) : Json(static_cast<long long>(value)) {}
  Json(long value) : Json(static_cast<long long>(value)) {}
  Json(long long value) : kind_(Kind::integer), integer_(static_cast<uint64_t>(value)), negative_(value < 0) {}
  Json(unsigned value) : Json(static_cast<unsigned long long>(value)) {}
  Json(unsigned long value) : Json(static_cast<unsigned long long>(value)) {}
  Json(unsigned long long value) : kind_(Kind::integer), integer_(value) {}
  Json(double value) : kind_(Kind::real), real_(value) {}
  Json(float value) : Json(static_cast<double>(value)) {}
  Json(std::string value) : kind_(Kind::text), text_(std::move(value)) {}
  // A null pointer is an empty text, as everywhere in the C++ interface.
  Json(const char* value) : kind_(Kind::text), text_(value == nullptr ? "" : value) {}

  static Json object();
  static Json array();
  // Bytes as base64 text (RFC 4648 section 4).
  static Json bytes(const void* data, size_t size);
  // A window or another pointer as a number; null is 0.
  static Json pointer(const void* value);

  // Sets a member of an object; returns the object.
  Json& set(const char* key, Json value);
  // Adds an element to an array; returns the array.
  Json& push(Json value);
  // The text. Invalid UTF-8 in a value is passed on as it is; the engine refuses it.
  std::string dump() const;

  // -- Reading. A wrong kind, a missing member or an index too large reads as null, and null reads as the fallback.
  // Text that is not JSON, or nested deeper than 64, reads as null.
  static Json parse(const char* text);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  const Json& operator[](const char* key) const;
  const Json& operator[](size_t index) const;
  // Elements of an array or members of an object.
  size_t size() const;

  bool boolean(bool fallback = false) const;
  int32_t i32(int32_t fallback = 0) const;
  uint32_t u32(uint32_t fallback = 0) const;
  int64_t i64(int64_t fallback = 0) const;
  uint64_t u64(uint64_t fallback = 0) const;
  double number(double fallback = 0) const;
  // Lives as long as this value.
  const char* c_str() const { return text_.c_str(); }
  const std::string& text() const { return text_; }
  // Base64 text as bytes; text that is not base64 gives no bytes.
  std::vector<uint8_t> bytes() const;

 private:
  friend class JsonReader;
  void append_to(std::string& out) const;

  Kind kind_ = Kind::null;
  // The magnitude's two's complement; `negative_` tells how to read it.
  uint64_t integer_ = 0;
  bool negative_ = false;
  double real_ = 0;
  std::string text_;
  // Array elements have empty keys. Objects here have a dozen members, so a list beats a map.
  std::vector<std::pair<std::string, Json>> items_;
};

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_JSON_H_
