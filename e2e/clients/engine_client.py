"""The official Python client, set up for an engine instead of for the cloud, as an application would do it."""

import json
import os
from urllib.parse import urlsplit

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.trtc.v20190722 import models
from tencentcloud.trtc.v20190722.trtc_client import TrtcClient

# The client would otherwise send what is meant for this machine to the proxy of the environment.
for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
    os.environ.pop(name, None)

ENGINE = urlsplit(os.environ["RTC_ENGINE_URL"])
CREDENTIALS = json.loads(os.environ["RTC_ENGINE_CREDENTIALS"])
APP = CREDENTIALS["sdk_app_id"]


def make_client(
    method="POST",
    sign_method="TC3-HMAC-SHA256",
    secret_id=CREDENTIALS["secret_id"],
    secret_key=CREDENTIALS["secret_key"],
    unsigned_payload=False,
):
    http = HttpProfile(protocol=ENGINE.scheme, endpoint=ENGINE.netloc, reqMethod=method)
    profile = ClientProfile(signMethod=sign_method, httpProfile=http)
    profile.unsignedPayload = unsigned_payload
    return TrtcClient(Credential(secret_id, secret_key), "ap-guangzhou", profile)


def call(client, action, parameters):
    """Calls an action through its typed method and returns the response as a dictionary.

    Raises TencentCloudSDKException, as the client does.
    """
    request = getattr(models, f"{action}Request")()
    request.from_json_string(json.dumps(parameters))
    return json.loads(getattr(client, action)(request).to_json_string())


__all__ = ["APP", "CREDENTIALS", "ENGINE", "TencentCloudSDKException", "TrtcClient", "call", "make_client"]
