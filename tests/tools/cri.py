#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The calls of a kubelet, one at a time: cri.py SOCKET METHOD [JSON], or cri.py SOCKET exec ID SECONDS COMMAND…
Prints the answer as JSON, or of exec what the command printed, and ends with its status. A call that
fails is told on stderr, with status 125. $CRI_PROTO is where protoc put cri_pb2.py."""
import os
import sys

import grpc
from google.protobuf import json_format

sys.path.insert(0, os.environ["CRI_PROTO"])
import cri_pb2  # noqa: E402


def call(socket, method, request):
    for service in cri_pb2.DESCRIPTOR.services_by_name.values():
        found = service.methods_by_name.get(method)
        if found:
            break
    else:
        sys.exit(f"cri.proto has no {method}")
    send = getattr(cri_pb2, found.input_type.name)
    receive = getattr(cri_pb2, found.output_type.name)
    with grpc.insecure_channel("unix://" + socket) as channel:
        invoke = channel.unary_unary(f"/{service.full_name}/{method}", send.SerializeToString, receive.FromString)
        return invoke(json_format.Parse(request, send()), timeout=60)


def main():
    socket, method, *rest = sys.argv[1:]
    try:
        if method != "exec":
            answer = call(socket, method, rest[0] if rest else "{}")
            print(json_format.MessageToJson(answer, including_default_value_fields=True, indent=None,
                                            preserving_proto_field_name=True))
            return 0
        request = cri_pb2.ExecSyncRequest(container_id=rest[0], timeout=int(rest[1]), cmd=rest[2:])
        answer = call(socket, "ExecSync", json_format.MessageToJson(request))
    except grpc.RpcError as error:
        print(f"{error.code().name}: {error.details()}", file=sys.stderr)
        return 125
    os.write(1, answer.stdout)
    os.write(2, answer.stderr)
    return answer.exit_code


sys.exit(main())
