/** `column=value` of the users, as the operator typed it. An empty value means: nothing there. */
export interface ColumnValue {
  readonly column: string;
  readonly value: string;
}

export interface UserSelection {
  /** only these ids, which are known to be users' */
  readonly ids?: readonly string[];
  /** all must hold */
  readonly where?: readonly ColumnValue[];
  /** users marked as excepted: any of these is true */
  readonly except?: readonly ColumnValue[];
  /** users marked as changed: a new password since this instant (milliseconds since 1970) */
  readonly changedSince?: number | undefined;
}
