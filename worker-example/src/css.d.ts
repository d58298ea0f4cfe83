/** A style sheet is imported as text: see "rules" in wrangler.jsonc. */
declare module "*.css" {
  const text: string;
  export default text;
}
