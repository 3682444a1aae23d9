// The platforms that the npm package has an addon for, as napi names them. For each: who may install it (`os`, `cpu`,
// `libc`, as in a package.json), Rust's target, and the libraries that the addon may ask of a plain system.

const GLIBC = [/^lib(c\.so\.6|m\.so\.6|dl\.so\.2|pthread\.so\.0|rt\.so\.1|gcc_s\.so\.1)$/, /^ld-linux-[\w-]+\.so\.[12]$/];
const MUSL = [/^libc\.so$/];
/** The last is what the addon calls itself, which is listed with what it needs. */
const MACOS = [
  /^\/usr\/lib\/lib(System\.B|charset\.1|iconv\.2|objc\.A)\.dylib$/,
  /^\/System\/Library\/Frameworks\/(CoreFoundation|Security)\.framework\//,
  /^@rpath\/bankid-kit\.node$/,
];
const WINDOWS = [/^(advapi32|bcrypt|bcryptprimitives|crypt32|kernel32|ntdll|userenv|ws2_32)\.dll$/i, /^api-ms-win-(core|crt)-[\w-]+\.dll$/i];

/** The oldest glibc that the addons run with: that of RHEL 7, and older than any that Node 20 runs with. */
export const GLIBC_FLOOR = "2.17";

const linux = (cpu, arch, libc) => ({
  name: `linux-${cpu}-${libc}`,
  os: "linux",
  cpu,
  libc: { gnu: "glibc", musl: "musl" }[libc],
  target: `${arch}-unknown-linux-${libc}`,
  imports: libc === "gnu" ? GLIBC : MUSL,
});

export const PLATFORMS = [
  linux("x64", "x86_64", "gnu"),
  linux("arm64", "aarch64", "gnu"),
  linux("x64", "x86_64", "musl"),
  linux("arm64", "aarch64", "musl"),
  { name: "darwin-x64", os: "darwin", cpu: "x64", target: "x86_64-apple-darwin", imports: MACOS },
  { name: "darwin-arm64", os: "darwin", cpu: "arm64", target: "aarch64-apple-darwin", imports: MACOS },
  // Named as napi's loaders look for it. It links the C runtime that comes with Windows, whichever compiler made it.
  { name: "win32-x64-msvc", os: "win32", cpu: "x64", target: "x86_64-pc-windows-gnu", imports: WINDOWS },
];

/** The largest addon that is shipped, in bytes. */
export const ADDON_LIMIT = 6_000_000;

export const addonName = (platform) => `bankid-kit.${platform.name}.node`;
export const packageName = (platform) => `bankid-kit-${platform.name}`;

/** The platforms with these names, or all. Throws for a name that none has. */
export const platformsNamed = (names) => {
  const unknown = names.filter((name) => !PLATFORMS.some((platform) => platform.name === name));
  if (unknown.length > 0) {
    throw new Error(`no such platform: ${unknown.join(", ")}; there are: ${PLATFORMS.map(({ name }) => name).join(", ")}`);
  }
  return names.length === 0 ? PLATFORMS : PLATFORMS.filter(({ name }) => names.includes(name));
};
