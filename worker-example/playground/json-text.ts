// Reads texts that may be JSON.

/** The object or array that a text holds as JSON, if it does. */
export function parsedJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same, if it is an object. */
export function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parsedJson(text);
  return Array.isArray(value) ? undefined : (value as Record<string, unknown> | undefined);
}
