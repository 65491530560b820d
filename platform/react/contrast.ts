/** Contrast after WCAG 2.2, for colours that people choose. */

type Rgb = [number, number, number]

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb
const luminance = (rgb: Rgb) => {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export const isColor = (value: string) => /^#[0-9a-f]{6}$/i.test(value)

/** Contrast of a colour with white. */
export const contrastWithWhite = (hex: string) => 1.05 / (luminance(parse(hex)) + 0.05)

export const enoughContrast = 4.5

/** The same colour, as much darker as white letters on it need. */
export function readable(hex: string): string {
  let rgb = parse(hex)
  const text = () => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
  while (contrastWithWhite(text()) < enoughContrast) rgb = rgb.map((value) => value * 0.97) as Rgb
  return text()
}
