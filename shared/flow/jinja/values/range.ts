/** `range(...)`: computed where it is asked, printed as Python prints it. */
export class Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }

  at(position: number): number | undefined {
    const index = position < 0 ? position + this.length : position;
    return index >= 0 && index < this.length ? this.start + index * this.step : undefined;
  }

  indexOf(value: number): number {
    const index = (value - this.start) / this.step;
    return Number.isInteger(index) && index >= 0 && index < this.length ? index : -1;
  }

  items(): number[] {
    return Array.from({ length: this.length }, (_, index) => this.start + index * this.step);
  }

  toString(): string {
    const { start, stop, step } = this;
    return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
  }
}
