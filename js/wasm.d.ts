// The built artefacts, as TypeScript sees them from `pkg/dist`.

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
