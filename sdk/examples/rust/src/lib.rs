//! A plugin in Rust without any crate: one route, GET /api/rust, in the caller's language.
mod abi;

use abi::{Exchange, ExchangeInterface, Host, Plugin, Registry, Route, Str};
use std::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

/// Interfaces live to the end of the process, so that one look-up will do.
static EXCHANGES: AtomicPtr<ExchangeInterface> = AtomicPtr::new(std::ptr::null_mut());

/// [fiber]
unsafe extern "C" fn greet(_user: *mut c_void, exchange: *mut Exchange) {
    let exchanges = &*EXCHANGES.load(Ordering::Acquire);
    let language = (exchanges.language)(exchange);
    let body = match std::slice::from_raw_parts(language.data, language.size) {
        b"en" => Str::of(r#"{"message":"hello from Rust"}"#),
        _ => Str::of(r#"{"message":"hola desde Rust"}"#),
    };
    (exchanges.respond)(exchange, 200, Str::of("application/json"), body);
}

/// [startup]
unsafe extern "C" fn describe(host: *const Host, _error: *mut c_char, _error_size: usize) -> i32 {
    let find = |id: &'static [u8]| ((*host).get_interface)(host, id.as_ptr().cast());
    let registry = find(b"calixo.registry/1\0") as *const Registry;
    let exchanges = find(b"calixo.exchange/1\0") as *mut ExchangeInterface;
    if registry.is_null() || exchanges.is_null() {
        return abi::UNSUPPORTED;
    }
    EXCHANGES.store(exchanges, Ordering::Release);
    let route = Route {
        struct_size: std::mem::size_of::<Route>() as u32,
        flags: 0,
        roles: 0,
        deadline_ms: 0,
        body_bytes_max: 0,
        method: Str::of("GET"),
        path: Str::of("/api/rust"),
        summary: Str::of("Says hello"),
        tag: Str::NONE,
        operation_id: Str::NONE,
        consumes: Str::NONE,
        produces: Str::NONE,
        query_schema: Str::NONE,
        request_schema: Str::NONE,
        response_schema: Str::of(
            r#"{"type":"object","required":["message"],"properties":{"message":{"type":"string"}}}"#,
        ),
        success_status: 0,
        problem_codes: Str::NONE,
        handle: greet,
        user: std::ptr::null_mut(),
        render_problem: std::ptr::null(),
    };
    ((*registry).route)(host, &route)
}

static PLUGIN: Plugin = Plugin {
    magic: abi::MAGIC,
    abi_major: abi::MAJOR,
    abi_minor: abi::MINOR,
    struct_size: std::mem::size_of::<Plugin>() as u32,
    id: b"org.example.rust\0".as_ptr().cast(),
    version: b"1.0.0\0".as_ptr().cast(),
    describe,
    configure: None,
    start: None,
    drain: None,
    stop: None,
    get_interface: None,
};

#[no_mangle]
pub extern "C" fn calixo_plugin_entry() -> *const Plugin {
    &PLUGIN
}
