// The one error an application sees. It carries codes; where an error comes from is decided elsewhere.

import { SessionError } from '../session/types.js';
import { ERROR_CODE, EXTRA_CODE } from './constants.js';

/** What an `RtcError` is made of. `fnName` is an older name of `functionName`. */
export interface RTCErrorParams {
  code: number;
  extraCode?: number;
  functionName?: string;
  fnName?: string;
  message?: string;
  messageParams?: any;
  data?: any;
  handler?: () => void;
  originError?: Error | DOMException;
}

/** The readable part of an `RtcError`. */
export interface RTCErrorInterface {
  name: string;
  code: number;
  extraCode?: number;
  functionName?: string;
  message?: string;
  originError?: Error | DOMException;
}

/** Rejections, thrown errors and the payload of ERROR. */
export class RtcError extends Error implements RTCErrorInterface {
  /** Always `RtcError`. */
  override readonly name: string = 'RtcError';
  /** The family, one of `TRTC.ERROR_CODE`. */
  readonly code: number;
  /** The cause within the family; for SERVER_ERROR the engine's number. */
  readonly extraCode?: number;
  /** The call that failed; empty where no call was under way. */
  readonly functionName: string;
  /** Something the application can do about it, where there is such a thing. */
  readonly handler?: () => void;
  /** More about the cause, for programs. */
  readonly data?: any;
  /** The error below. */
  readonly originError?: Error | DOMException | RtcError;

  constructor(params: RTCErrorParams) {
    const functionName = params.functionName ?? params.fnName ?? '';
    const text = params.message ?? params.originError?.message ?? 'unknown error';
    super(functionName && !text.startsWith(functionName) ? `${functionName}: ${text}` : text);
    this.code = params.code;
    this.functionName = functionName;
    if (params.extraCode !== undefined) this.extraCode = params.extraCode;
    if (params.handler) this.handler = params.handler;
    if (params.data !== undefined) this.data = params.data;
    if (params.originError) this.originError = params.originError;
  }

  /**
   * Any error as an `RtcError` of the named call. An `RtcError` that knows its call passes unchanged; the names of device errors
   * (`NotAllowedError`, …) become DEVICE_ERROR; everything else is UNKNOWN_ERROR.
   */
  static convertFrom(originError: unknown, fnName = '', fnParams?: any): RtcError {
    if (originError instanceof RtcError) {
      if (originError.functionName || !fnName) return originError;
      const { code, extraCode, message, data, handler, originError: origin } = originError;
      return new RtcError({ code, extraCode, message, data, handler, functionName: fnName, originError: origin as Error });
    }
    if (originError instanceof SessionError) return fromSession(originError, fnName);
    const error = originError instanceof Error || isDomException(originError) ? originError : new Error(String(originError));
    const device = DEVICE_ERRORS[error.name];
    return new RtcError({
      code: device ? ERROR_CODE.DEVICE_ERROR : ERROR_CODE.UNKNOWN_ERROR,
      extraCode: device?.[0],
      functionName: fnName,
      message: device ? `${device[1]} (${error.name}: ${error.message})` : error.message,
      data: fnParams,
      originError: error,
    });
  }
}

/** A refusal because of the present state. */
export function invalidOperation(functionName: string, extraCode: number | undefined, message: string): RtcError {
  return new RtcError({ code: ERROR_CODE.INVALID_OPERATION, extraCode, functionName, message });
}

/** A call that its counterpart ended. */
export function aborted(functionName: string, by: string): RtcError {
  return new RtcError({ code: ERROR_CODE.OPERATION_ABORT, functionName, message: `ended by a later call of ${by}` });
}

/** Something this browser or this version of the SDK does not have. */
export function notSupported(functionName: string, extraCode: number | undefined, message: string): RtcError {
  return new RtcError({ code: ERROR_CODE.ENV_NOT_SUPPORTED, extraCode, functionName, message });
}

/** A failure of the session. What the engine refuses because of the present state has codes of its own in the Web API. */
function fromSession(error: SessionError, functionName: string): RtcError {
  const state = error.fromEngine ? REFUSED_BY_STATE[error.name] : undefined;
  if (error.fromEngine && state === undefined) {
    const { code: extraCode, message } = error;
    return new RtcError({ code: ERROR_CODE.SERVER_ERROR, extraCode, functionName, message, originError: error });
  }
  const code = state ?? error.code;
  const family = code >= ERROR_CODE.OPERATION_ABORT ? code : code - (code % 100);
  const extraCode = code === family ? undefined : code;
  return new RtcError({ code: family, extraCode, functionName, message: error.message, originError: error });
}

function isDomException(error: unknown): error is DOMException {
  return typeof DOMException !== 'undefined' && error instanceof DOMException;
}

/** Refusals of the engine that the Web API counts as INVALID_OPERATION. */
const REFUSED_BY_STATE: Record<string, number | undefined> = {
  notInRoom: EXTRA_CODE.NOT_IN_ROOM,
  noSuchStream: EXTRA_CODE.REMOTE_STREAM_ABSENT,
};

/** Names of the errors of `getUserMedia` and `getDisplayMedia` (Media Capture and Streams, 10.2.1.1), with what to do. */
const DEVICE_ERRORS: Record<string, [number, string] | undefined> = {
  NotFoundError: [EXTRA_CODE.DEVICE_NOT_FOUND, 'no such device; plug one in or choose another from the device list'],
  NotAllowedError: [
    EXTRA_CODE.DEVICE_NOT_ALLOWED,
    'access was refused; allow it in the browser and the system settings, then try again',
  ],
  NotReadableError: [EXTRA_CODE.DEVICE_NOT_READABLE, 'the device cannot be opened; close other programs that use it'],
  OverconstrainedError: [EXTRA_CODE.DEVICE_OVERCONSTRAINED, 'no device fits; check the device id against the device list'],
  InvalidStateError: [EXTRA_CODE.DEVICE_INVALID_STATE, 'the page cannot capture now; call this from a click in a visible page'],
  SecurityError: [EXTRA_CODE.DEVICE_SECURITY, 'capturing is forbidden in this page; check its permissions policy'],
  AbortError: [EXTRA_CODE.DEVICE_ABORT, 'the device could not be started; try again'],
};
