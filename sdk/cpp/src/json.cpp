// Writing and reading of JSON (RFC 8259).
#include "json.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <sstream>

namespace liteav {
namespace detail {

namespace {

const int kDeepest = 64;
const char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const Json& null_json() {
  static const Json null;
  return null;
}

void append_text(std::string& out, const std::string& text) {
  out += '"';
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_utf8(std::string& out, uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

// A locale must not turn the decimal point into a comma.
double to_double(const std::string& text) {
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  double value = 0;
  stream >> value;
  return value;
}

std::string from_double(double value) {
  if (!std::isfinite(value)) return "0";
  std::ostringstream stream;
  stream.imbue(std::locale::classic());
  stream.precision(std::numeric_limits<double>::max_digits10);
  stream << value;
  return stream.str();
}

}  // namespace

// Reads one text from its beginning to its end.
class JsonReader {
 public:
  explicit JsonReader(const char* text) : at_(text) {}

  bool document(Json& value) {
    if (!read(value, 0)) return false;
    space();
    return *at_ == '\0';
  }

 private:
  void space() {
    while (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r') ++at_;
  }

  bool word(const char* word) {
    const size_t length = std::strlen(word);
    if (std::strncmp(at_, word, length) != 0) return false;
    at_ += length;
    return true;
  }

  bool read(Json& value, int depth) {
    if (depth > kDeepest) return false;
    space();
    switch (*at_) {
      case '{': return items(value, Json::Kind::object, '}', depth);
      case '[': return items(value, Json::Kind::array, ']', depth);
      case '"': value.kind_ = Json::Kind::text; return text(value.text_);
      case 't': value = Json(true); return word("true");
      case 'f': value = Json(false); return word("false");
      case 'n': value = Json(); return word("null");
      default: return number(value);
    }
  }

  bool items(Json& value, Json::Kind kind, char end, int depth) {
    ++at_;
    value = Json();
    value.kind_ = kind;
    space();
    if (*at_ == end) {
      ++at_;
      return true;
    }
    for (;;) {
      std::pair<std::string, Json> item;
      if (kind == Json::Kind::object) {
        space();
        if (*at_ != '"' || !text(item.first)) return false;
        space();
        if (*at_++ != ':') return false;
      }
      if (!read(item.second, depth + 1)) return false;
      value.items_.push_back(std::move(item));
      space();
      const char next = *at_;
      if (next != ',' && next != end) return false;
      ++at_;
      if (next == end) return true;
    }
  }

  bool hex(uint32_t& value) {
    value = 0;
    for (int digit = 0; digit < 4; ++digit, ++at_) {
      const char c = *at_;
      const int worth = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
      if (worth < 0) return false;
      value = value << 4 | static_cast<uint32_t>(worth);
    }
    return true;
  }

  bool escape(std::string& out) {
    const char c = *at_;
    // At the end of the text nothing follows.
    if (c == '\0') return false;
    ++at_;
    switch (c) {
      case '"': case '\\': case '/': out += c; return true;
      case 'b': out += '\b'; return true;
      case 'f': out += '\f'; return true;
      case 'n': out += '\n'; return true;
      case 'r': out += '\r'; return true;
      case 't': out += '\t'; return true;
      case 'u': break;
      default: return false;
    }
    uint32_t point = 0;
    if (!hex(point)) return false;
    if (point >= 0xD800 && point < 0xDC00) {
      uint32_t low = 0;
      if (!word("\\u") || !hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, point);
    return true;
  }

  bool text(std::string& out) {
    out.clear();
    for (++at_; *at_ != '"';) {
      const char c = *at_;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      ++at_;
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return false;
      }
    }
    ++at_;
    return true;
  }

  bool number(Json& value) {
    const char* const start = at_;
    bool whole = true;
    if (*at_ == '-') ++at_;
    if (*at_ < '0' || *at_ > '9') return false;
    for (;; ++at_) {
      const char c = *at_;
      if (c >= '0' && c <= '9') continue;
      if (c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-') break;
      whole = false;
    }
    const std::string digits(start, at_);
    // 19 digits always fit; more are as good as a double.
    if (!whole || digits.size() > 20) {
      value = Json(to_double(digits));
    } else if (digits[0] == '-') {
      value = Json(static_cast<long long>(std::strtoll(digits.c_str(), nullptr, 10)));
    } else {
      value = Json(static_cast<unsigned long long>(std::strtoull(digits.c_str(), nullptr, 10)));
    }
    return true;
  }

  const char* at_;
};

Json Json::object() {
  Json json;
  json.kind_ = Kind::object;
  return json;
}

Json Json::array() {
  Json json;
  json.kind_ = Kind::array;
  return json;
}

Json Json::bytes(const void* data, size_t size) {
  const uint8_t* const from = static_cast<const uint8_t*>(data);
  std::string out;
  out.reserve((size + 2) / 3 * 4);
  for (size_t at = 0; data != nullptr && at < size; at += 3) {
    const size_t rest = size - at;
    const uint32_t three = static_cast<uint32_t>(from[at]) << 16 | (rest > 1 ? static_cast<uint32_t>(from[at + 1]) << 8 : 0) |
                           (rest > 2 ? from[at + 2] : 0);
    out += kBase64[three >> 18 & 63];
    out += kBase64[three >> 12 & 63];
    out += rest > 1 ? kBase64[three >> 6 & 63] : '=';
    out += rest > 2 ? kBase64[three & 63] : '=';
  }
  return Json(std::move(out));
}

Json Json::pointer(const void* value) {
  return Json(static_cast<unsigned long long>(reinterpret_cast<uintptr_t>(value)));
}

Json& Json::set(const char* key, Json value) {
  kind_ = Kind::object;
  items_.emplace_back(key, std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  kind_ = Kind::array;
  items_.emplace_back(std::string(), std::move(value));
  return *this;
}

std::string Json::dump() const {
  std::string out;
  append_to(out);
  return out;
}

void Json::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::null: out += "null"; break;
    case Kind::boolean: out += integer_ != 0 ? "true" : "false"; break;
    case Kind::integer: out += negative_ ? std::to_string(static_cast<long long>(integer_)) : std::to_string(integer_); break;
    case Kind::real: out += from_double(real_); break;
    case Kind::text: append_text(out, text_); break;
    case Kind::array:
    case Kind::object: {
      const bool keys = kind_ == Kind::object;
      out += keys ? '{' : '[';
      for (size_t index = 0; index < items_.size(); ++index) {
        if (index > 0) out += ',';
        if (keys) {
          append_text(out, items_[index].first);
          out += ':';
        }
        items_[index].second.append_to(out);
      }
      out += keys ? '}' : ']';
      break;
    }
  }
}

Json Json::parse(const char* text) {
  Json value;
  if (text == nullptr || !JsonReader(text).document(value)) return Json();
  return value;
}

const Json& Json::operator[](const char* key) const {
  if (kind_ == Kind::object) {
    for (const auto& item : items_) {
      if (item.first == key) return item.second;
    }
  }
  return null_json();
}

const Json& Json::operator[](size_t index) const {
  return index < items_.size() ? items_[index].second : null_json();
}

size_t Json::size() const { return items_.size(); }

bool Json::boolean(bool fallback) const { return kind_ == Kind::boolean ? integer_ != 0 : fallback; }

int64_t Json::i64(int64_t fallback) const {
  if (kind_ == Kind::integer) {
    const uint64_t most = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    return negative_ || integer_ <= most ? static_cast<int64_t>(integer_) : std::numeric_limits<int64_t>::max();
  }
  if (kind_ == Kind::real && std::fabs(real_) < 9e18) return static_cast<int64_t>(real_);
  return fallback;
}

uint64_t Json::u64(uint64_t fallback) const {
  if (kind_ == Kind::integer) return negative_ ? 0 : integer_;
  if (kind_ == Kind::real && real_ >= 0 && real_ < 1.8e19) return static_cast<uint64_t>(real_);
  return fallback;
}

int32_t Json::i32(int32_t fallback) const {
  const int64_t value = i64(fallback);
  if (value > std::numeric_limits<int32_t>::max()) return std::numeric_limits<int32_t>::max();
  if (value < std::numeric_limits<int32_t>::min()) return std::numeric_limits<int32_t>::min();
  return static_cast<int32_t>(value);
}

uint32_t Json::u32(uint32_t fallback) const {
  const uint64_t value = u64(fallback);
  return value > std::numeric_limits<uint32_t>::max() ? std::numeric_limits<uint32_t>::max() : static_cast<uint32_t>(value);
}

double Json::number(double fallback) const {
  if (kind_ == Kind::real) return real_;
  if (kind_ == Kind::integer) return negative_ ? static_cast<double>(static_cast<int64_t>(integer_)) : static_cast<double>(integer_);
  return fallback;
}

std::vector<uint8_t> Json::bytes() const {
  std::vector<uint8_t> out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text_) {
    if (c == '=') break;
    const char* const found = std::strchr(kBase64, c);
    if (found == nullptr || c == '\0') return {};
    bits = bits << 6 | static_cast<uint32_t>(found - kBase64);
    if (++count == 4) {
      out.push_back(static_cast<uint8_t>(bits >> 16));
      out.push_back(static_cast<uint8_t>(bits >> 8));
      out.push_back(static_cast<uint8_t>(bits));
      bits = 0;
      count = 0;
    }
  }
  if (count == 1) return {};
  if (count > 1) out.push_back(static_cast<uint8_t>(bits >> (count == 2 ? 4 : 10)));
  if (count > 2) out.push_back(static_cast<uint8_t>(bits >> 2));
  return out;
}

}  // namespace detail
}  // namespace liteav
