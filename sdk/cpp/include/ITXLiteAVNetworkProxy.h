// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// A SOCKS5 proxy on the way to the engine.
#ifndef RTC_ENGINE_ITXLITEAVNETWORKPROXY_H_
#define RTC_ENGINE_ITXLITEAVNETWORKPROXY_H_

#include "TXLiteAVPlatform.h"

class ITXNetworkProxy;

extern "C" {

/// An object for proxy settings.
TRTC_API ITXNetworkProxy* createTXNetworkProxy();

/// Gives it back and sets the pointer to null.
TRTC_API void destroyTXNetworkProxy(ITXNetworkProxy** pTXNetworkProxy);

}  // extern "C"

/// What goes through a SOCKS5 proxy.
struct TRTCSocks5ProxyConfig {
  /// Whether HTTPS does.
  bool support_https;
  /// Whether TCP does.
  bool support_tcp;
  /// Whether UDP does.
  bool support_udp;

  TRTCSocks5ProxyConfig()
      : support_https(true),
        support_tcp(true),
        support_udp(true) {}
};

/// Settings of a proxy.
class ITXNetworkProxy {
 protected:
  virtual ~ITXNetworkProxy() {}

 public:
  /// Goes through a SOCKS5 proxy from now on, in the whole process: entering a room, the network test and the network
  /// time that begin later do; what is under way goes on as it was. An empty host uses none; user and password may be
  /// empty. Returns 0; -1 for a name without an address, -2 for what else cannot be.
  /// @param host The name or address of the proxy.
  /// @param port The port of the proxy.
  /// @param username Who uses the proxy; empty for anybody.
  /// @param password The password for the proxy.
  /// @param config What goes through a SOCKS5 proxy.
  virtual int setSocks5Proxy(const char* host, unsigned short port, const char* username, const char* password,
      const TRTCSocks5ProxyConfig* config = nullptr) = 0;
};

#endif  // RTC_ENGINE_ITXLITEAVNETWORKPROXY_H_
