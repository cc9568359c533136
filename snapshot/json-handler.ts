/** How a member of the top-level object is wanted: its array element by element, as one value, or not at all. */
export type MemberPlan = 'elements' | 'value' | 'skip';

/** What the caller of `readJsonElements` wants to see of a file, and where it goes. */
export interface JsonHandler {
  /**
   * How a member of the top-level object is wanted. Asked once per member, when its key has been read.
   * `elements` on a value that is no array falls back to one `value` call.
   */
  plan(key: string): MemberPlan;

  /**
   * Whether an array element is wanted. Asked once per element, as early as the answer cannot change: at the end of a
   * "resourceType" string at the element's own top level; else, with null, at the first byte of an element that is no
   * object, and at the end of an object that holds no such string. `key` is null when the file itself is an array.
   */
  wants(key: string | null, resourceType: string | null): boolean;

  /** One wanted element, counted from 0 over all elements of its array. The bytes are valid only during the call. */
  element(key: string | null, index: number, json: Buffer): void;

  /** One wanted member value. The bytes are valid only during the call. */
  value(key: string, json: Buffer): void;
}

export interface JsonLimits {
  /**
   * The most bytes one element or value may have that is handed out.
   *
   * @default - the longest string V8 can hold, just under 512 MiB
   */
  readonly maxBytes?: number;
}

/** The text is not JSON, or not of a shape this reader takes. `offset` is the byte, counted from 0, where that shows. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';

  constructor(
    detail: string,
    readonly offset: number,
    options?: ErrorOptions,
  ) {
    super(`${detail} at byte ${offset}`, options);
  }
}
