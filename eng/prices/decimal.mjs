// Exact arithmetic on prices: what is multiplied here must come out as the vendor writes it, not as a binary fraction.

const TEXT = /^(\d+)(?:\.(\d+))?$/;

function parse(n) {
  const m = TEXT.exec(String(n));
  if (!m) throw new Error(`no plain decimal: ${n}`);
  const fraction = m[2] ?? "";
  return { digits: BigInt(m[1] + fraction), scale: fraction.length };
}

/** a × b, exactly; a number whose text is the exact product. */
export function times(a, b) {
  const x = parse(a), y = parse(b);
  const scale = x.scale + y.scale;
  const text = (x.digits * y.digits).toString().padStart(scale + 1, "0");
  const exact = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`.replace(/\.?0+$/, "");
  const n = Number(exact);
  if (String(n) !== exact) throw new Error(`${a} × ${b} = ${exact} has no exact short number`);
  return n;
}

/** The price of one where the source gives that of a thousand. */
export const each = (kilo) => times(kilo, 0.001);
