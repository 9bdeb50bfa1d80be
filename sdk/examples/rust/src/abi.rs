//! What this plugin needs of calixo/abi/*.h, written by hand: base.h, plugin.h, registry.h, exchange.h.
//! Members that it does not call are kept as opaque pointers, so that offsets stay the headers'.
use std::ffi::{c_char, c_void};

pub const MAGIC: u32 = 0x4358_4c31;
pub const MAJOR: u16 = 1;
pub const MINOR: u16 = 0;
pub const UNSUPPORTED: i32 = 12;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub data: *const u8,
    pub size: usize,
}

impl Str {
    pub const NONE: Str = Str {
        data: std::ptr::null(),
        size: 0,
    };
    pub const fn of(text: &'static str) -> Str {
        Str {
            data: text.as_ptr(),
            size: text.len(),
        }
    }
}

#[repr(C)]
pub struct Host {
    pub get_interface: unsafe extern "C" fn(*const Host, *const c_char) -> *const c_void,
    pub host_data: *mut c_void,
}

#[repr(C)]
pub struct Exchange {
    _opaque: [u8; 0],
}

pub type Step = unsafe extern "C" fn(*const Host, *mut c_char, usize) -> i32;

#[repr(C)]
pub struct Plugin {
    pub magic: u32,
    pub abi_major: u16,
    pub abi_minor: u16,
    pub struct_size: u32,
    pub id: *const c_char,
    pub version: *const c_char,
    pub describe: Step,
    pub configure: Option<Step>,
    pub start: Option<Step>,
    pub drain: Option<unsafe extern "C" fn(*const Host)>,
    pub stop: Option<unsafe extern "C" fn(*const Host)>,
    pub get_interface: Option<unsafe extern "C" fn(*const c_char) -> *const c_void>,
}
unsafe impl Sync for Plugin {}

#[repr(C)]
pub struct Route {
    pub struct_size: u32,
    pub flags: u32,
    pub roles: u32,
    pub deadline_ms: u32,
    pub body_bytes_max: u64,
    pub method: Str,
    pub path: Str,
    pub summary: Str,
    pub tag: Str,
    pub operation_id: Str,
    pub consumes: Str,
    pub produces: Str,
    pub query_schema: Str,
    pub request_schema: Str,
    pub response_schema: Str,
    pub success_status: u16,
    pub problem_codes: Str,
    pub handle: unsafe extern "C" fn(*mut c_void, *mut Exchange),
    pub user: *mut c_void,
    pub render_problem: *const c_void,
}

/// "calixo.registry/1", as far as this plugin reads it.
#[repr(C)]
pub struct Registry {
    pub route: unsafe extern "C" fn(*const Host, *const Route) -> i32,
}

/// "calixo.exchange/1".
#[repr(C)]
pub struct ExchangeInterface {
    _method: *const c_void,
    _path: *const c_void,
    _query_string: *const c_void,
    _path_parameter: *const c_void,
    _header: *const c_void,
    _body: *const c_void,
    _request_id: *const c_void,
    _client_address: *const c_void,
    _base_url: *const c_void,
    pub language: unsafe extern "C" fn(*const Exchange) -> Str,
    _principal: *const c_void,
    _is_cancelled: *const c_void,
    _set_header: *const c_void,
    _add_header: *const c_void,
    pub respond: unsafe extern "C" fn(*mut Exchange, u16, Str, Str) -> i32,
    _fail: *const c_void,
}
