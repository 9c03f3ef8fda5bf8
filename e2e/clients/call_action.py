"""Calls one action through the official Python client: call_action.py ACTION JSON. Prints the answer as JSON."""

import json
import sys

from engine_client import TencentCloudSDKException, call, make_client


def main():
    _, action, parameters = sys.argv
    try:
        answer = call(make_client(), action, json.loads(parameters))
    except TencentCloudSDKException as e:
        answer = {"error": {"code": e.get_code(), "message": e.get_message(), "requestId": e.get_request_id()}}
    print(json.dumps(answer))


main()
