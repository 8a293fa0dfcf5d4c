// Takes a picture from the clipboard: by the page's paste event, or by its own button.

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)
const KEYS = MAC ? "⌘V" : "Ctrl+V"
const NONE = "There is no picture in the clipboard. Copy one first."

const shown = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const paste = shown.get(parentElement) ?? new Paste(parentElement)
  shown.set(parentElement, paste)
  paste.tell = picture => setTriggerValue("picture", picture)
  paste.limit = data.limit
  return () => {
    paste.stop()
    shown.delete(parentElement)
  }
}

class Paste {
  constructor(root) {
    this.button = root.querySelector(".button")
    this.said = root.querySelector(".said")
    root.querySelector(".keys").textContent = KEYS
    this.button.onclick = () => this.ask()
    this.listener = event => this.hear(event)
    document.addEventListener("paste", this.listener)
  }

  stop() {
    document.removeEventListener("paste", this.listener)
  }

  // Ctrl+V anywhere on the page. Text is for the field it is pasted into.
  hear(event) {
    if (event.defaultPrevented) return
    const picture = [...(event.clipboardData?.files ?? [])].find(isPicture)
    if (picture) {
      event.preventDefault()
      this.take(picture)
    } else if (event.composedPath().includes(this.button)) {
      this.say(NONE)
    }
  }

  async ask() {
    if (!navigator.clipboard?.read) return this.say(`Press ${KEYS} to paste here.`)
    let items
    try {
      items = await navigator.clipboard.read()
    } catch (error) {
      return this.say(error?.name === "NotAllowedError"
        ? `The browser keeps the clipboard to itself. Press ${KEYS} instead.`
        : NONE)
    }
    for (const item of items) {
      const type = item.types.find(type => type.startsWith("image/"))
      if (type) return this.take(await item.getType(type))
    }
    this.say(NONE)
  }

  async take(picture) {
    if (picture.size > this.limit) {
      const [size, limit] = [picture.size, this.limit].map(bytes => Math.ceil(bytes / 1024 ** 2))
      return this.say(`The picture has ${size} MB, more than the limit of ${limit} MB.`)
    }
    this.say("")
    this.button.setAttribute("aria-busy", "true")
    try {
      this.tell(await base64(picture))
    } catch {
      this.say("The picture cannot be read. Copy it once more.")
    } finally {
      this.button.removeAttribute("aria-busy")
    }
  }

  say(words) {
    this.said.textContent = words
  }
}

const isPicture = file => file.type.startsWith("image/")

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
