// JSON as it is written to the engine, and read from it.
#include "json.h"

#include <cstring>
#include <string>

#include "check.h"

using liteav::detail::Json;

namespace {

void what_is_written_reads_the_same() {
  Json inner = Json::array();
  inner.push(1).push(-2).push(true).push(Json()).push(1.5);
  const Json json = Json::object()
                        .set("text", "a\"\\\n\x01 \xC3\xBC")
                        .set("null text", static_cast<const char*>(nullptr))
                        .set("most", static_cast<unsigned long long>(-1))
                        .set("least", static_cast<long long>(INT64_MIN))
                        .set("list", inner);
  const std::string text = json.dump();
  CHECK(text == "{\"text\":\"a\\\"\\\\\\u000a\\u0001 \xC3\xBC\",\"null text\":\"\",\"most\":18446744073709551615,"
                "\"least\":-9223372036854775808,\"list\":[1,-2,true,null,1.5]}");
  const Json read = Json::parse(text.c_str());
  CHECK(read["text"].text() == "a\"\\\n\x01 \xC3\xBC");
  CHECK(read["most"].u64() == UINT64_MAX);
  CHECK(read["most"].i32() == INT32_MAX);
  CHECK(read["least"].i64() == INT64_MIN);
  CHECK(read["least"].u64() == 0);
  CHECK(read["list"].size() == 5);
  CHECK(read["list"][1].i32() == -2);
  CHECK(read["list"][2].boolean());
  CHECK(read["list"][3].is_null());
  CHECK(read["list"][4].number() == 1.5);
  CHECK(read.dump() == text);
}

void what_is_missing_reads_as_the_fallback() {
  const Json json = Json::parse("{\"a\":\"text\"}");
  CHECK(json["b"].is_null());
  CHECK(json["b"]["c"][7].i32(5) == 5);
  CHECK(json["a"].u32(9) == 9);
  CHECK(!json["a"].boolean());
  CHECK(std::strcmp(json["b"].c_str(), "") == 0);
}

void escapes_are_read() {
  CHECK(Json::parse("\"\\u00e9\\ud83d\\ude00\\/\\t\"").text() == "\xC3\xA9\xF0\x9F\x98\x80/\t");
}

void what_is_no_json_reads_as_null() {
  const char* const wrong[] = {"", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "\"", "\"\\", "\"\\u12", "\"\\ud800\"", "tru", "1 2", "-", "'a'", "[1}", "\"a\nb\""};
  for (const char* const text : wrong) CHECK(Json::parse(text).is_null());
  CHECK(Json::parse(nullptr).is_null());
  CHECK(Json::parse(std::string(100000, '[').c_str()).is_null());
}

void bytes_travel_as_base64() {
  const char* const expected[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (size_t size = 0; size <= 6; ++size) {
    const Json json = Json::bytes("foobar", size);
    CHECK(json.text() == expected[size]);
    const auto bytes = json.bytes();
    CHECK(std::string(bytes.begin(), bytes.end()) == std::string("foobar").substr(0, size));
  }
  CHECK(Json("no base64!").bytes().empty());
}

}  // namespace

int main() {
  what_is_written_reads_the_same();
  what_is_missing_reads_as_the_fallback();
  escapes_are_read();
  what_is_no_json_reads_as_null();
  bytes_travel_as_base64();
  return 0;
}
