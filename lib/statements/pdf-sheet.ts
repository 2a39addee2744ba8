import PDFDocument from "pdfkit"
import { fontsOf, joined, type Run, runsOf, trimStart, type Weight } from "./pdf-text"

export const MARGIN = 48
const WIDTH = 595.28
const HEIGHT = 841.89
export const INNER = WIDTH - 2 * MARGIN
/** Room for the line at the foot of each page. */
const FOOT = 40
const BOTTOM = HEIGHT - MARGIN - FOOT

export const INK = "#12161d"
export const MUTED = "#5b6472"
const LINE = "#dfe3ea"

export type Style = { size?: number; weight?: Weight; color?: string; align?: "left" | "right" }

/** A column of a table: where it begins, how wide it is, and how it is aligned. */
export type Column = { title: string; x: number; width: number; align?: "left" | "right" }
export type Row = { cells: string[]; isStrong?: boolean }

/** pdfkit doesn't say this of its fonts. */
type Fonts = { _font: { font: { hasGlyphForCodePoint: (codePoint: number) => boolean } } }

/** Sheets of A4 that are written from top to bottom. What doesn't fit goes on on the next one. */
export class Sheets {
  y = MARGIN
  /** Whether every letter so far could be printed. */
  isWhole = true
  private readonly doc: PDFKit.PDFDocument
  private readonly known = new Map<string, boolean>()
  private readonly widths = new Map<string, number>()
  private readonly finished: Promise<Buffer>

  constructor(info: { title: string; author: string; at: Date }) {
    const [font = ""] = fontsOf(400)
    this.doc = new PDFDocument({
      ...{
        size: "A4",
        margin: 0,
        bufferPages: true,
        font,
        lang: "en",
        displayTitle: true,
        pdfVersion: "1.7",
      },
      // The one time in it, so that the same statement is always the same file.
      info: { Title: info.title, Author: info.author, CreationDate: info.at, ModDate: info.at },
    })
    const parts: Buffer[] = []
    this.finished = new Promise((resolve, reject) => {
      this.doc.on("data", (part: Buffer) => parts.push(part))
      this.doc.on("end", () => resolve(Buffer.concat(parts)))
      this.doc.on("error", reject)
    })
  }

  /** Begins a new sheet unless this much is left of the present one. */
  need(height: number): boolean {
    if (this.y + height <= BOTTOM) return false
    this.doc.addPage()
    this.y = MARGIN
    return true
  }

  /** Writes a paragraph at the present height and returns its own. Doesn't move on. */
  text(text: string, x: number, width: number, style: Style = {}): number {
    const { size = 9.5, weight = 400, color = INK, align = "left" } = style
    const lines = this.linesOf(text, width, { size, weight })
    const step = size * 1.45
    this.doc.fillColor(color)
    for (const [index, runs] of lines.entries()) {
      let at = align === "right" ? x + width - this.widthOf(runs, size) : x
      for (const run of runs) {
        this.doc.font(run.font, size).text(run.text, at, this.y + index * step, { lineBreak: false })
        at += this.widthOf([run], size)
      }
    }
    return lines.length * step
  }

  line(): void {
    this.doc
      .moveTo(MARGIN, this.y)
      .lineTo(MARGIN + INNER, this.y)
      .lineWidth(0.6)
      .strokeColor(LINE)
      .stroke()
  }

  /** Writes a table. Its titles are repeated on each sheet on which it goes on. */
  table(columns: Column[], rows: Row[]): void {
    this.need(60)
    this.titles(columns)
    for (const { cells, isStrong = false } of rows) {
      const style = { weight: isStrong ? 600 : 400, size: 9 } as const
      const heights = columns.map(
        ({ width }, index) => this.linesOf(cells[index] ?? "", width, style).length * 9 * 1.45,
      )
      const height = Math.max(...heights) + 7
      if (this.need(height)) this.titles(columns)
      this.line()
      this.y += 4
      for (const [index, { x, width, align }] of columns.entries())
        this.text(cells[index] ?? "", x, width, { ...style, align })
      this.y += height - 4
    }
    this.line()
  }

  private titles(columns: Column[]): void {
    const heights = columns.map(({ title, x, width, align }) =>
      this.text(title, x, width, { size: 8, color: MUTED, align }),
    )
    this.y += Math.max(...heights) + 3
  }

  /** Numbers the sheets and returns the file. */
  async finish(foot: (page: number, pages: number) => [left: string, right: string]): Promise<Buffer> {
    const { count } = this.doc.bufferedPageRange()
    for (let page = 0; page < count; page++) {
      this.doc.switchToPage(page)
      this.y = HEIGHT - MARGIN - 12
      const [left, right] = foot(page + 1, count)
      this.text(left, MARGIN, INNER - 90, { size: 7.5, color: MUTED })
      this.text(right, MARGIN + INNER - 90, 90, { size: 7.5, color: MUTED, align: "right" })
    }
    this.doc.end()
    return this.finished
  }

  /** Breaks a text between words, and within one that is wider than the line. */
  private linesOf(text: string, width: number, { size, weight }: { size: number; weight: Weight }): Run[][] {
    const lines: Run[][] = []
    let line: Run[] = []
    let used = 0
    for (const word of this.wordsOf(text, weight)) {
      const wide = this.widthOf(word, size)
      if (line.length > 0 && used + wide > width) {
        lines.push(line)
        line = []
        used = 0
      }
      const whole = line.length === 0 ? trimStart(word) : word
      line.push(...whole)
      used += this.widthOf(whole, size)
    }
    if (line.length > 0) lines.push(line)
    return lines.flatMap((each) => this.cut(each, width, size)).map(joined)
  }

  private wordsOf(text: string, weight: Weight): Run[][] {
    const { runs, isWhole } = runsOf(text, weight, (font, letter) => this.has(font, letter))
    this.isWhole &&= isWhole
    const words: Run[][] = []
    for (const { font, text: piece } of runs)
      for (const [index, word] of piece.split(/(?= )/).entries())
        if (index === 0 && words.length > 0 && !word.startsWith(" ")) words.at(-1)?.push({ font, text: word })
        else words.push([{ font, text: word }])
    return words
  }

  private cut(runs: Run[], width: number, size: number): Run[][] {
    if (this.widthOf(runs, size) <= width) return [runs]
    const lines: Run[][] = []
    let line: Run[] = []
    for (const { font, text } of runs)
      for (const letter of text) {
        const longer = [...line, { font, text: letter }]
        if (line.length > 0 && this.widthOf(longer, size) > width) {
          lines.push(line)
          line = [{ font, text: letter }]
        } else line = longer
      }
    return [...lines, line]
  }

  /** Keeps the width of each word, because shaping it takes long. It grows with the size. */
  private widthOf(runs: Run[], size: number): number {
    let sum = 0
    for (const { font, text } of runs) {
      const key = `${font} ${text}`
      const width = this.widths.get(key) ?? this.doc.font(font, 1).widthOfString(text)
      this.widths.set(key, width)
      sum += width * size
    }
    return sum
  }

  private has(font: string, letter: string): boolean {
    const key = `${font} ${letter}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    this.doc.font(font)
    const has = (this.doc as unknown as Fonts)._font.font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)
    this.known.set(key, has)
    return has
  }
}
