//! `operations.wasm`: the exports to JavaScript are in `src/wasm`.
#![no_std]

extern crate authlete_token as _;
