// The official Node client, set up for an engine instead of for the cloud, as an application would do it.
import { createRequire } from 'node:module';

// The file of the one service: the package's main file loads some hundred.
const { trtc } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs/tencentcloud/services/trtc/index.js');

// The client would otherwise send what is meant for this machine to the proxy of the environment.
for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) delete process.env[name];

export const credentials = JSON.parse(process.env.RTC_ENGINE_CREDENTIALS);
export const Client = trtc.v20190722.Client;

export function makeClient({ reqMethod = 'POST', signMethod = 'TC3-HMAC-SHA256', secretId, secretKey } = {}) {
  const url = new URL(process.env.RTC_ENGINE_URL);
  return new Client({
    credential: { secretId: secretId ?? credentials.secret_id, secretKey: secretKey ?? credentials.secret_key },
    region: 'ap-guangzhou',
    profile: { signMethod, httpProfile: { reqMethod, protocol: `${url.protocol}//`, endpoint: url.host } },
  });
}
