// The settings of a proxy, which belong to the whole process.
#include "ITXLiteAVNetworkProxy.h"
#include "runtime.h"

using liteav::detail::call;
using liteav::detail::Json;

namespace {

class NetworkProxy final : public ITXNetworkProxy {
 public:
  NetworkProxy() = default;
  // It has no settings of its own: a program sets the proxy, gives the object back, and goes on with the proxy.
  ~NetworkProxy() override = default;

  int setSocks5Proxy(const char* host, unsigned short port, const char* username, const char* password,
                     const TRTCSocks5ProxyConfig* config) override {
    Json through;
    if (config != nullptr) {
      through = Json::object()
                    .set("support_https", config->support_https)
                    .set("support_tcp", config->support_tcp)
                    .set("support_udp", config->support_udp);
    }
    Json arguments = Json::object();
    arguments.set("host", host).set("port", static_cast<unsigned>(port)).set("username", username).set("password", password);
    arguments.set("config", through);
    int code = 0;
    const Json answer = call(0, "setSocks5Proxy", arguments, &code);
    return answer.is_null() ? code : answer.i32();
  }
};

}  // namespace

ITXNetworkProxy* createTXNetworkProxy() { return new NetworkProxy; }

void destroyTXNetworkProxy(ITXNetworkProxy** pTXNetworkProxy) {
  if (pTXNetworkProxy == nullptr) return;
  delete static_cast<NetworkProxy*>(*pTXNetworkProxy);
  *pTXNetworkProxy = nullptr;
}
