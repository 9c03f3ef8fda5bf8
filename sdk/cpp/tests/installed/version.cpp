// Makes an instance and ends it. Needs no engine.
#include <ITRTCCloud.h>

int main() {
  const char* version = getTRTCShareInstance()->getSDKVersion();
  const bool is_told = version != nullptr && *version != '\0';
  destroyTRTCShareInstance();
  return is_told ? 0 : 1;
}
