// What `authlete-token/slim` exports, as users' compilers read it. Written by `npm run declarations`.

export {
    HookContext,
    ClientCertificateSource,
    Rfc9440CertificateSource,
    PemCertificateSource,
    Fetch,
    EngineAnswer,
    EngineExchange,
    RetryOptions,
    AuthleteClientOptions,
    CallOptions,
    AuthleteClient,
    Awaitable,
    ReissueOptions,
    AddedTokenRequest,
    TokenEndpointOptions,
    handleTokenRequest,
    handlePlainTokenRequest,
    AuthleteErrorDetails,
    AuthleteError,
    AuthleteEvent,
    EventDetails,
    ExchangeEvent,
    RefusedEvent,
    HookFailedEvent,
    ReissueFailedEvent,
    UpstreamFailedEvent,
    TrapEvent,
    authToken,
    authTokenFail,
    authTokenIssue,
    idtokenReissue,
    PlainRequest,
    PlainResponse,
    AuthleteErrorCode,
    OperationName,
    HookName,
    TokenRequest,
    TokenResponseAction,
    TokenResponseBase,
    TokenResponseInternalServerError,
    TokenResponseInvalidClient,
    TokenResponseBadRequest,
    TokenResponsePassword,
    TokenResponseOk,
    TokenResponseTokenExchange,
    TokenResponseJwtBearer,
    TokenResponseIdTokenReissuable,
    TokenResponseNativeSso,
    TokenResponse,
    TokenFailRequest,
    TokenFailResponseAction,
    TokenFailResponseBase,
    TokenFailResponseInternalServerError,
    TokenFailResponseBadRequest,
    TokenFailResponse,
    TokenIssueRequest,
    TokenIssueResponseAction,
    TokenIssueResponseBase,
    TokenIssueResponseInternalServerError,
    TokenIssueResponseOk,
    TokenIssueResponse,
    IdtokenReissueRequest,
    IdtokenReissueResponseAction,
    IdtokenReissueResponseBase,
    IdtokenReissueResponseOk,
    IdtokenReissueResponseInternalServerError,
    IdtokenReissueResponseCallerError,
    IdtokenReissueResponse,
    AuthzDetails,
    AuthzDetailsElement,
    CimdOptions,
    Pair,
    Property,
    Scope,
    TaggedValue,
    TokenInfo,
    ClientAuthMethod,
    GrantType,
    IdTokenAudType,
    TokenFailRequestReason,
    TokenType,
} from "authlete-token";

/**
 * Provides the WebAssembly module for the functions of `authlete-token/slim`. Call it once, before
 * them. It is synchronous and does no I/O; later calls have no effect.
 *
 * `module` is the file `authlete-token/operations.wasm` of the same version: compiled by the
 * runtime or by you, or its bytes if the runtime allows compiling (edge runtimes do not, nor does a
 * page whose content security policy lacks `'wasm-unsafe-eval'`).
 *
 * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` when `module` is anything else, or can't be
 * instantiated; `cause` is what the runtime threw. `ERR_AUTHLETE_NOT_INITIALIZED` when the runtime
 * has no WebAssembly.
 * @example
 * // A runtime that imports .wasm files as modules.
 * import wasm from "authlete-token/operations.wasm";
 * initializeWasm(wasm);
 * @example
 * // esbuild --bundle --format=esm --loader:.wasm=file, for a browser: the import is the URL of the copied file.
 * import file from "authlete-token/operations.wasm";
 * initializeWasm(await WebAssembly.compileStreaming(fetch(new URL(file, import.meta.url))));
 * @example
 * // esbuild --bundle --platform=node --target=node20 --loader:.wasm=binary, for a program in one file: the import is the bytes.
 * import bytes from "authlete-token/operations.wasm";
 * initializeWasm(bytes);
 */
export declare function initializeWasm(module: WasmModule | ArrayBuffer | ArrayBufferView): void;

/** `WebAssembly.Module`, or any object if the compiler has no types for WebAssembly. */
export type WasmModule = typeof globalThis extends {
    WebAssembly: {
        Module: {
            prototype: infer Module;
        };
    };
} ? Module & object : object;
