// What `authlete-token/engine/slim` exports, as users' compilers read it. Written by `npm run declarations`.

export {
    Fetch,
    EngineAnswer,
    EngineExchange,
    AuthleteErrorDetails,
    AuthleteError,
    EventDetails,
    TrapEvent,
    AuthleteErrorCode,
} from "authlete-token";

export {
    WasmModule,
} from "authlete-token/slim";

export {
    AuthorizationCodeParams,
    AuthorizationCheck,
    AcceptedAuthorization,
    CheckedCodeParams,
    RequestingClient,
    RefusedAuthorization,
    IssuedCode,
    Introspection,
    ActiveToken,
    TokenConfirmation,
    AccessParams,
    AccessVerdict,
    AcceptedAccess,
    RefusedAccess,
    ExpireResult,
    PublicJwkSet,
    PublicJwk,
    ServerMetadata,
    AttestationChallenge,
    InactiveToken,
    EngineEvent,
    PlatformFailedEvent,
    EngineOptions,
    Engine,
    createEngine,
    failedEngine,
    SqlStorageLike,
    SqlCursorLike,
    DurableObjectStorageLike,
    StoredRecord,
    StoreWrite,
    StoreInsert,
    StoreReplace,
    StoreConsume,
    StoreDelete,
    EngineStore,
    EngineTrace,
    EngineCheck,
    EngineGrantType,
    EngineConfig,
    ServiceConfig,
    ClientConfig,
    SigningJwkSet,
    SigningJwk,
    EngineCheckName,
} from "authlete-token/engine";

/**
 * Provides the WebAssembly module for the functions of `authlete-token/engine/slim`. Call it once,
 * before them. It is synchronous and does no I/O; later calls have no effect.
 *
 * `module` is the file `authlete-token/engine.wasm` of the same version: compiled by the runtime or
 * by you, or its bytes if the runtime allows compiling (edge runtimes do not, nor does a page whose
 * content security policy lacks `'wasm-unsafe-eval'`).
 *
 * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` when `module` is anything else, or can't be
 * instantiated; `cause` is what the runtime threw. `ERR_AUTHLETE_NOT_INITIALIZED` when the runtime
 * has no WebAssembly.
 * @example
 * // A runtime that imports .wasm files as modules.
 * import wasm from "authlete-token/engine.wasm";
 * initializeWasm(wasm);
 * @example
 * // esbuild --bundle --format=esm --loader:.wasm=file, for a browser: the import is the URL of the copied file.
 * import file from "authlete-token/engine.wasm";
 * initializeWasm(await WebAssembly.compileStreaming(fetch(new URL(file, import.meta.url))));
 * @example
 * // esbuild --bundle --platform=node --target=node20 --loader:.wasm=binary, for a program in one file: the import is the bytes.
 * import bytes from "authlete-token/engine.wasm";
 * initializeWasm(bytes);
 */
export declare function initializeWasm(module: WasmModule | ArrayBuffer | ArrayBufferView): void;
