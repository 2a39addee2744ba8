import { inflateSync } from "node:zlib"

/**
 * Returns the text of each page of a PDF that pdfkit wrote, a line for each piece that was placed. Reads just what pdfkit
 * writes: fonts with a map from their glyphs to letters, and hexadecimal strings of glyphs.
 */
export function pdfPages(file: Buffer): string[][] {
  const objects = new Map<number, string>()
  for (const [, no, body] of file.toString("latin1").matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g))
    objects.set(Number(no), body ?? "")
  const read = (no: string | undefined) => objects.get(Number(no)) ?? ""
  const kids = [...objects.values()].filter((body) => /\/Type \/Page\b(?!s)/.test(body))
  return kids.map((page) => {
    const resources = read(/\/Resources (\d+) 0 R/.exec(page)?.[1])
    const fonts = new Map<string, Map<string, string>>()
    const listed = /\/Font <<([\s\S]*?)>>/.exec(resources)?.[1] ?? ""
    for (const [, name = "", no] of listed.matchAll(/\/(F\d+) (\d+) 0 R/g))
      fonts.set(name, lettersOf(streamOf(read(/\/ToUnicode (\d+) 0 R/.exec(read(no))?.[1]))))
    return textOf(streamOf(read(/\/Contents (\d+) 0 R/.exec(page)?.[1])), fonts)
  })
}

function streamOf(object: string): string {
  const body = /stream\n([\s\S]*)\nendstream/.exec(object)?.[1] ?? ""
  const bytes = Buffer.from(body, "latin1")
  return object.includes("/FlateDecode") ? inflateSync(bytes).toString("latin1") : body
}

/** The letters of each glyph, by its number in four hexadecimal digits. */
function lettersOf(map: string): Map<string, string> {
  const letters = new Map<string, string>()
  for (const [, from = "", , list = ""] of map.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi))
    for (const [index, [, codes = ""]] of [...list.matchAll(/<([0-9a-f ]*)>/gi)].entries()) {
      const glyph = (Number.parseInt(from, 16) + index).toString(16).padStart(4, "0")
      letters.set(glyph, Buffer.from(codes.replaceAll(" ", ""), "hex").swap16().toString("utf16le"))
    }
  return letters
}

function textOf(content: string, fonts: Map<string, Map<string, string>>): string[] {
  const lines: string[] = []
  let letters = new Map<string, string>()
  for (const [, font, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font) letters = fonts.get(font) ?? new Map()
    if (shown === undefined) continue
    const glyphs = [...shown.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex = ""]) => hex.match(/.{4}/g) ?? [])
    lines.push(glyphs.map((glyph) => letters.get(glyph) ?? "\uFFFD").join(""))
  }
  return lines
}
