// A type assertion: `exactly<string>()(value)` compiles only if `value` has that very type.
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export declare function exactly<Wanted>(): <const Given>(
  value: Given,
  ...same: Same<Wanted, Given> extends true ? [] : [expected: Wanted]
) => void;
