//! `engine.wasm`: the exports to JavaScript are in `src/wasm`.

extern crate authlete_token as _;
