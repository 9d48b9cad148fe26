/** Numbers of one metric: eight bytes each, whatever their count. */
export interface Column {
  add(value: number): void;
  /** Ascending; a copy. */
  sorted(): Float64Array;
}

const FIRST_CAPACITY = 64;

export function createColumn(): Column {
  let values = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  return {
    add(value) {
      if (length === values.length) {
        const larger = new Float64Array(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length] = value;
      length += 1;
    },
    sorted: () => values.slice(0, length).sort(),
  };
}
