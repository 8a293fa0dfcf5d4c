// The catalogue as points on a canvas, all of them. Places are fractions of the map, y downwards.

const FULL = 65535
const STEP = 0.15 // Of the frame, of an arrow key.
const FACTOR = 1.6 // Of one zoom step.
const NEAREST = 14 // Pixels from a point at which a pointer means it.
const CLICK = 5 // Pixels that a pointer may move and still have clicked.
const MOST_NAMED = 14
const MOST_ZOOM = 400

const shown = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const map = shown.get(parentElement) ?? new CatalogueMap(parentElement)
  shown.set(parentElement, map)
  map.tell = row => setTriggerValue("item", String(row))
  map.receive(data)
  return () => {
    map.stop()
    shown.delete(parentElement)
  }
}

class CatalogueMap {
  constructor(root) {
    const find = name => root.querySelector(name)
    this.canvas = find(".canvas")
    this.peek = find(".peek")
    this.said = find(".said")
    this.legend = find(".legend")
    this.view = { x: 0.5, y: 0.5, zoom: 1 }
    this.only = null // The class that is highlighted.
    this.pointers = new Map()
    this.canvas.onpointerdown = event => this.grab(event)
    this.canvas.onpointermove = event => this.move(event)
    this.canvas.onpointerup = event => this.release(event, true)
    this.canvas.onpointercancel = event => this.release(event, false)
    this.canvas.onpointerleave = event => {
      if (event.pointerType === "mouse") this.hide() // A finger leaves whenever it is lifted.
    }
    this.canvas.onkeydown = event => this.press(event)
    this.canvas.onfocus = this.canvas.onblur = () => this.draw()
    this.canvas.addEventListener("wheel", event => this.wheel(event), { passive: false })
    find(".in").onclick = () => this.zoom(FACTOR)
    find(".out").onclick = () => this.zoom(1 / FACTOR)
    find(".whole").onclick = () => this.look(0.5, 0.5, 1)
    this.size = new ResizeObserver(() => this.draw())
    this.size.observe(this.canvas)
  }

  stop() {
    this.size.disconnect()
  }

  // Python's word, on every run of its script.
  receive({ places, codes, classes, ids, chosen, label }) {
    if (places !== this.places) {
      this.places = places
      const numbers = new Uint16Array(bytes(places).buffer)
      this.x = Float32Array.from({ length: numbers.length / 2 }, (_, i) => numbers[2 * i] / FULL)
      this.y = Float32Array.from({ length: this.x.length }, (_, i) => numbers[2 * i + 1] / FULL)
      this.view = { x: 0.5, y: 0.5, zoom: 1 }
    }
    if (codes !== this.coded || JSON.stringify(classes) !== JSON.stringify(this.classes)) {
      this.coded = codes
      this.codes = bytes(codes)
      this.classes = classes
      this.only = null
      this.name()
    }
    this.ids = ids.split("\n")
    this.chosen = chosen
    this.canvas.setAttribute("aria-label", label)
    this.draw()
  }

  name() {
    const entries = this.classes.slice(0, MOST_NAMED).map((one, place) => {
      const [entry, button, dot] = ["li", "button", "i"].map(tag => document.createElement(tag))
      dot.style.background = one.colour
      button.type = "button"
      button.setAttribute("aria-pressed", "false")
      button.append(dot, `${one.name} · ${one.count.toLocaleString("en")}`)
      button.onclick = () => this.highlight(this.only === place ? null : place)
      entry.append(button)
      return entry
    })
    const rest = this.classes.length - entries.length
    if (rest > 0) {
      const entry = document.createElement("li")
      entry.className = "rest"
      entry.textContent = `and ${rest} more`
      entries.push(entry)
    }
    this.legend.replaceChildren(...entries)
  }

  highlight(place) {
    this.only = place
    this.legend.querySelectorAll("button").forEach((button, i) =>
      button.setAttribute("aria-pressed", String(i === place)))
    this.draw()
  }

  // What is drawn

  draw() {
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => this.paint())
  }

  paint() {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight]
    if (!width || !this.x) return
    const ratio = Math.min(2, window.devicePixelRatio || 1)
    this.canvas.width = width * ratio
    this.canvas.height = height * ratio
    const pen = this.canvas.getContext("2d")
    pen.scale(ratio, ratio)
    const many = this.x.length
    const base = many > 20000 ? 1.2 : many > 2000 ? 2 : 4
    const radius = Math.min(9, base * this.view.zoom ** 0.4)
    const sprites = this.classes.map(one => sprite(one.colour, radius, ratio))
    const box = sprites[0]?.width / ratio
    const passes = this.only === null ? [[1, () => true]]
      : [[0.1, code => code !== this.only], [1, code => code === this.only]]
    for (const [alpha, wanted] of passes) {
      pen.globalAlpha = alpha
      for (let i = 0; i < many; i++) {
        const code = this.codes[i]
        if (!wanted(code)) continue
        const [x, y] = this.onScreen(i, width, height)
        if (x < -9 || y < -9 || x > width + 9 || y > height + 9) continue
        pen.drawImage(sprites[code], x - box / 2, y - box / 2, box, box)
      }
    }
    pen.globalAlpha = 1
    const ink = getComputedStyle(this.canvas).color
    if (this.chosen !== null) ring(pen, ...this.onScreen(this.chosen, width, height), radius, ink)
    if (this.canvas.matches(":focus-visible")) cross(pen, width / 2, height / 2, ink)
  }

  // Pixels of an item; the map keeps its proportions and a margin.
  onScreen(i, width, height) {
    const scale = Math.min(width, height) * 0.94 * this.view.zoom
    return [
      width / 2 + (this.x[i] - this.view.x) * scale,
      height / 2 + (this.y[i] - this.view.y) * scale,
    ]
  }

  nearest(x, y, within) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight]
    let [found, best] = [null, within ** 2]
    for (let i = 0; i < this.x.length; i++) {
      if (this.only !== null && this.codes[i] !== this.only) continue
      const [px, py] = this.onScreen(i, width, height)
      const distance = (px - x) ** 2 + (py - y) ** 2
      if (distance < best) [found, best] = [i, distance]
    }
    return found
  }

  // What moves it

  look(x, y, zoom) {
    const inside = value => Math.min(1, Math.max(0, value))
    zoom = Math.min(MOST_ZOOM, Math.max(1, zoom))
    this.view = { x: inside(x), y: inside(y), zoom }
    this.canvas.classList.toggle("is-near", zoom > 1)
    this.hide()
    this.draw()
  }

  // Around a point of the canvas, which stays where it is.
  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight]
    const zoom = Math.min(MOST_ZOOM, Math.max(1, this.view.zoom * factor))
    const side = Math.min(width, height) * 0.94
    const shift = 1 / (side * this.view.zoom) - 1 / (side * zoom)
    this.look(this.view.x + (x - width / 2) * shift, this.view.y + (y - height / 2) * shift, zoom)
  }

  pan(dx, dy) {
    const scale = Math.min(this.canvas.clientWidth, this.canvas.clientHeight) * 0.94
      * this.view.zoom
    this.look(this.view.x - dx / scale, this.view.y - dy / scale, this.view.zoom)
  }

  // A wheel alone scrolls the page.
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    this.zoom(FACTOR ** (-event.deltaY / 100), event.offsetX, event.offsetY)
  }

  grab(event) {
    this.pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY })
    this.canvas.setPointerCapture(event.pointerId)
    if (this.pointers.size === 1) this.moved = 0
  }

  move(event) {
    const before = this.pointers.get(event.pointerId)
    if (!before) return this.hover(event.offsetX, event.offsetY)
    const now = { x: event.offsetX, y: event.offsetY }
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId)
    this.pointers.set(event.pointerId, now)
    this.moved += Math.hypot(now.x - before.x, now.y - before.y)
    if (this.moved < CLICK) return
    this.canvas.classList.add("is-held")
    if (others.length) {
      const other = others[0][1]
      const apart = point => Math.hypot(point.x - other.x, point.y - other.y)
      this.zoom(apart(now) / Math.max(1, apart(before)), (now.x + other.x) / 2,
        (now.y + other.y) / 2)
    } else {
      this.pan(now.x - before.x, now.y - before.y)
    }
  }

  release(event, meant) {
    const clicked = meant && this.pointers.size === 1 && this.moved < CLICK
    this.pointers.delete(event.pointerId)
    this.canvas.classList.remove("is-held")
    if (!clicked) return
    this.choose(this.nearest(event.offsetX, event.offsetY, NEAREST))
    this.hover(event.offsetX, event.offsetY) // A finger does not hover before.
  }

  press(event) {
    const { clientWidth: width, clientHeight: height } = this.canvas
    const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }
    if (way[event.key]) {
      this.pan(way[event.key][0] * STEP * width, way[event.key][1] * STEP * height)
      this.speak()
    } else if (event.key === "+" || event.key === "=") {
      this.zoom(FACTOR)
    } else if (event.key === "-") {
      this.zoom(1 / FACTOR)
    } else if (event.key === "Enter") {
      this.choose(this.nearest(width / 2, height / 2, width))
    } else {
      return
    }
    event.preventDefault()
  }

  // What it says

  choose(row) {
    if (row === null) return
    this.chosen = row
    this.draw()
    this.said.textContent = `${this.classes[this.codes[row]].name}, product ${this.ids[row]}: `
      + "beside the map, or below it"
    this.tell(row)
  }

  hover(x, y) {
    const row = this.nearest(x, y, NEAREST)
    if (row === null) return this.hide()
    const { clientWidth: width } = this.canvas
    this.peek.hidden = false
    this.peek.style.left = `${Math.min(width - 100, Math.max(4, x + 14))}px`
    this.peek.style.top = `${Math.max(4, y - 60)}px`
    if (row === this.peeked) return
    this.peeked = row
    this.peek.querySelector("img").src = `thumbnails/0/${encodeURIComponent(this.ids[row])}`
    this.peek.querySelector("span").textContent = this.classes[this.codes[row]].name
  }

  hide() {
    this.peek.hidden = true
    this.peeked = null
  }

  speak() {
    const { clientWidth: width, clientHeight: height } = this.canvas
    const row = this.nearest(width / 2, height / 2, width)
    this.said.textContent = row === null ? ""
      : `In the middle: ${this.classes[this.codes[row]].name}, product ${this.ids[row]}`
  }
}

// A point with an edge, so that white shows on white and black on black.
function sprite(colour, radius, ratio) {
  const canvas = document.createElement("canvas")
  const size = Math.ceil((radius * 2 + 2) * ratio)
  canvas.width = canvas.height = size
  const pen = canvas.getContext("2d")
  pen.arc(size / 2, size / 2, radius * ratio, 0, 7)
  pen.fillStyle = colour
  pen.fill()
  pen.lineWidth = Math.min(1, radius / 4) * ratio
  pen.strokeStyle = "rgb(125 113 104 / 55%)"
  pen.stroke()
  return canvas
}

function ring(pen, x, y, radius, colour) {
  pen.beginPath()
  pen.arc(x, y, radius + 6, 0, 7)
  pen.lineWidth = 3
  pen.strokeStyle = colour
  pen.stroke()
}

function cross(pen, x, y, colour) {
  pen.beginPath()
  for (const [dx, dy] of [[8, 0], [0, 8]]) {
    pen.moveTo(x - dx, y - dy)
    pen.lineTo(x + dx, y + dy)
  }
  pen.lineWidth = 1.5
  pen.strokeStyle = colour
  pen.stroke()
}

const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
