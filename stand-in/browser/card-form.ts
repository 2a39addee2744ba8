import { brandOf, formatCardNumber, formatExpiry } from "./card-fields"

/** Formats what is typed into a plain card form. The server says what is wrong with it. */
const number = document.getElementById("number")
if (number instanceof HTMLInputElement) {
  number.addEventListener("input", () => {
    formatCardNumber(number)
    const brand = document.getElementById("brand")
    if (brand) brand.textContent = brandOf(number.value)
  })
}

const expiry = document.getElementById("expiry")
if (expiry instanceof HTMLInputElement) expiry.addEventListener("input", () => formatExpiry(expiry))
