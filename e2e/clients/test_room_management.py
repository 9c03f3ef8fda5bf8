"""What an application's server meets when it talks to the engine through the official Python client, rooms aside."""

import hashlib
import hmac
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest
from engine_client import APP, CREDENTIALS, ENGINE, TencentCloudSDKException, TrtcClient, call, make_client

HERE = {"RemoveUser", "RemoveUserByStrRoomId", "DismissRoom", "DismissRoomByStrRoomId"}
PLANNED = sorted(name for name in vars(TrtcClient) if name[0].isupper() and name not in HERE)

NO_ROOM = {
    "RemoveUser": {"SdkAppId": APP, "RoomId": 4294967294, "UserIds": ["nobody"]},
    "RemoveUserByStrRoomId": {"SdkAppId": APP, "RoomId": "nowhere", "UserIds": ["nobody"]},
    "DismissRoom": {"SdkAppId": APP, "RoomId": 4294967294},
    "DismissRoomByStrRoomId": {"SdkAppId": APP, "RoomId": "nowhere"},
}


def refusal(action, parameters, **options):
    """The exception of an action that must be refused. Waits where the engine asks for a slower pace."""
    client = make_client(**options)
    while True:
        with pytest.raises(TencentCloudSDKException) as caught:
            # The untyped call: the typed one would not send what its model does not know.
            client.call_json(action, parameters)
        if caught.value.get_code() != "RequestLimitExceeded":
            return caught.value
        time.sleep(0.05)


def code(action, parameters, **options):
    return refusal(action, parameters, **options).get_code()


def hand_signed(action, body, *, patient=True, **changes):
    """A request signed here and not by the client. Returns (status, content type, code or None).

    Waits where the engine asks for a slower pace, if patient.
    """
    while True:
        answer = send("POST", "/", body, signed_headers(action, body, **changes))
        if answer[2] != "RequestLimitExceeded" or not patient:
            return answer
        time.sleep(0.05)


def signed_headers(action, body, *, age=0, headers=None, version="2019-07-22", key=CREDENTIALS["secret_key"]):
    now = int(time.time()) - age
    date = datetime.fromtimestamp(now, timezone.utc).strftime("%Y-%m-%d")
    scope = f"{date}/trtc/tc3_request"
    canonical = "\n".join(
        ["POST", "/", "", "content-type:application/json", f"host:{ENGINE.netloc}", "", "content-type;host"]
        + [hashlib.sha256(body).hexdigest()]
    )
    text = "\n".join(["TC3-HMAC-SHA256", str(now), scope, hashlib.sha256(canonical.encode()).hexdigest()])
    secret = f"TC3{key}".encode()
    for part in (date, "trtc", "tc3_request"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    signature = hmac.digest(secret, text.encode(), "sha256").hex()
    sent = {
        "Content-Type": "application/json",
        "X-TC-Action": action,
        "X-TC-Version": version,
        "X-TC-Timestamp": str(now),
        "Authorization": f"TC3-HMAC-SHA256 Credential={CREDENTIALS['secret_id']}/{scope}, "
        f"SignedHeaders=content-type;host, Signature={signature}",
    }
    sent.update(headers or {})
    return {name: value for name, value in sent.items() if value is not None}


def send(method, target, body, headers):
    connection = http.client.HTTPConnection(ENGINE.netloc, timeout=10)
    connection.request(method, target, body, headers)
    response = connection.getresponse()
    answer = json.loads(response.read())["Response"]
    assert answer["RequestId"]
    return response.status, response.headers["Content-Type"], answer.get("Error", {}).get("Code")


@pytest.mark.parametrize("action", HERE)
def test_a_room_that_is_not_there(action):
    with pytest.raises(TencentCloudSDKException) as caught:
        call(make_client(), action, NO_ROOM[action])
    assert caught.value.get_code() == "FailedOperation.RoomNotExist"
    assert str(NO_ROOM[action]["RoomId"]) in caught.value.get_message()


def test_each_refusal_has_a_request_id_of_its_own():
    ids = {refusal("DismissRoom", NO_ROOM["DismissRoom"]).get_request_id() for _ in range(3)}
    assert len(ids) == 3 and all(ids)


@pytest.mark.parametrize("sign_method", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_every_method_and_signature_of_the_client_is_understood(method, sign_method):
    options = {"method": method, "sign_method": sign_method}
    parameters = NO_ROOM["RemoveUserByStrRoomId"] | {"RoomId": "a b&c=d+e%~", "UserIds": ["nobody", "小明"]}
    answer = refusal("RemoveUserByStrRoomId", parameters, **options)
    assert answer.get_code() == "FailedOperation.RoomNotExist"
    assert "a b&c=d+e%~" in answer.get_message()
    options["secret_key"] = "another"
    assert code("RemoveUserByStrRoomId", parameters, **options) == "AuthFailure.SignatureFailure"


def test_a_payload_may_stay_unsigned():
    assert code("DismissRoom", NO_ROOM["DismissRoom"], unsigned_payload=True) == "FailedOperation.RoomNotExist"


def test_a_wrong_key_and_an_unknown_credential():
    assert code("DismissRoom", NO_ROOM["DismissRoom"], secret_key="another") == "AuthFailure.SignatureFailure"
    assert code("DismissRoom", NO_ROOM["DismissRoom"], secret_id="AKIDnobody") == "AuthFailure.SecretIdNotFound"


def test_an_app_of_somebody_else():
    assert code("DismissRoom", {"SdkAppId": APP - 1, "RoomId": 7}) == "UnauthorizedOperation.SdkAppId"


def test_the_planned_actions_are_all_the_others():
    assert len(PLANNED) == 82


@pytest.mark.parametrize("action", PLANNED)
def test_an_action_that_is_not_here_yet(action):
    with pytest.raises(TencentCloudSDKException) as caught:
        call(make_client(), action, {})
    assert caught.value.get_code() == "UnsupportedOperation"
    assert action in caught.value.get_message()


def test_an_action_and_a_version_that_no_service_has():
    assert code("MakeCoffee", {}) == "InvalidAction"
    assert hand_signed("RemoveUser", b"{}", version="2017-03-12")[2] == "NoSuchVersion"


@pytest.mark.parametrize(
    "changes, wanted",
    [
        ({"SdkAppId": None}, "MissingParameter.SdkAppId"),
        ({"SdkAppId": str(APP)}, "InvalidParameter.SdkAppId"),
        ({"SdkAppId": 0}, "InvalidParameter.SdkAppId"),
        ({"RoomId": None}, "MissingParameter.RoomId"),
        ({"RoomId": "7"}, "InvalidParameter.RoomId"),
        ({"RoomId": {"Number": 7}}, "InvalidParameter.RoomId"),
        ({"RoomId": 0}, "InvalidParameterValue.RoomId"),
        ({"RoomId": 4294967295}, "InvalidParameterValue.RoomId"),
        ({"UserIds": None}, "MissingParameter.UserIds"),
        ({"UserIds": []}, "MissingParameter.UserIds"),
        ({"UserIds": "nobody"}, "InvalidParameter.UserIds"),
        ({"UserIds": [7]}, "InvalidParameter.UserIds"),
        ({"UserIds": ["u" * 33]}, "InvalidParameter.UserIds"),
        ({"UserIds": [str(n) for n in range(11)]}, "InvalidParameter.UserIds"),
        ({"Reason": "spam"}, "UnknownParameter"),
    ],
)
def test_a_wrong_parameter(changes, wanted):
    answer = refusal("RemoveUser", NO_ROOM["RemoveUser"] | changes)
    assert answer.get_code() == wanted
    assert next(iter(changes)) in answer.get_message()


def test_a_number_for_a_string_room():
    assert code("DismissRoomByStrRoomId", {"SdkAppId": APP, "RoomId": 7}) == "InvalidParameter.RoomId"


def test_an_answer_is_200_and_exactly_json():
    assert hand_signed("DismissRoom", b"{}") == (200, "application/json", "MissingParameter.SdkAppId")
    assert hand_signed("DismissRoom", b"{}", key="another") == (200, "application/json", "AuthFailure.SignatureFailure")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff", b"SdkAppId=1", b"[" * 10_000])
def test_a_body_that_is_no_object(body):
    wanted = "InvalidParameter.BodyParamsError" if body else "MissingParameter.SdkAppId"
    assert hand_signed("DismissRoom", body)[2] == wanted


@pytest.mark.parametrize("age", [400, -400])
def test_an_old_request_and_one_from_the_future(age):
    assert hand_signed("DismissRoom", b"{}", age=age)[2] == "AuthFailure.SignatureExpire"


def test_a_clock_a_few_minutes_off_is_forgiven():
    for age in (240, -240):
        assert hand_signed("DismissRoom", b"{}", age=age)[2] == "MissingParameter.SdkAppId"


@pytest.mark.parametrize(
    "headers, wanted",
    [
        ({"Authorization": None}, "AuthFailure.InvalidAuthorization"),
        ({"Authorization": "SKIP"}, "AuthFailure.InvalidAuthorization"),
        ({"Authorization": "Bearer x"}, "AuthFailure.InvalidAuthorization"),
        ({"Content-Type": "text/plain"}, "AuthFailure.SignatureFailure"),
        ({"X-TC-Timestamp": None}, "MissingParameter"),
        ({"X-TC-Timestamp": "yesterday"}, "InvalidParameter"),
        ({"X-TC-Version": None}, "MissingParameter"),
        ({"X-TC-Action": None}, "MissingParameter"),
    ],
)
def test_broken_headers(headers, wanted):
    assert hand_signed("DismissRoom", b"{}", headers=headers)[2] == wanted


def test_an_unsigned_request():
    assert send("POST", "/", b"", {})[2] == "AuthFailure.InvalidAuthorization"
    assert send("GET", "/?Action=DismissRoom", None, {})[2] == "AuthFailure.InvalidAuthorization"


def test_more_than_twenty_requests_at_once():
    body = json.dumps(NO_ROOM["DismissRoomByStrRoomId"]).encode()
    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(lambda _: hand_signed("DismissRoomByStrRoomId", body, patient=False)[2], range(100)))
    assert set(codes) == {"FailedOperation.RoomNotExist", "RequestLimitExceeded"}
    assert hand_signed("DismissRoomByStrRoomId", body)[2] == "FailedOperation.RoomNotExist", "a moment later"
