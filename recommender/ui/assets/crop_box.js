// A box on a photo. Boxes are [left, top, right, bottom] in fractions of the photo, as in Python.

const WHOLE = [0, 0, 1, 1]
const SIDES = ["left", "top", "right", "bottom"]
const STEP = 0.02 // Of an arrow key.
const LEAP = 0.1 // Of Page Up and Page Down.
const REST = 350 // Milliseconds without a key after which a box counts as set.
const ARROWS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
}

const shown = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const crop = shown.get(parentElement) ?? new CropBox(parentElement)
  shown.set(parentElement, crop)
  crop.tell = box => setTriggerValue("box", box)
  crop.receive(data)
  return () => {
    crop.stop()
    shown.delete(parentElement)
  }
}

class CropBox {
  constructor(root) {
    this.root = root
    this.stage = root.querySelector(".stage")
    this.photo = root.querySelector(".photo")
    this.places = [root.querySelector(".box"), root.querySelector(".window")]
    this.body = root.querySelector(".move")
    this.edges = SIDES.map(side => root.querySelector(`.edge.${side}`))
    this.box = WHOLE
    this.settled = text(WHOLE) // What Python was last told, or said.
    this.unanswered = [] // Told to Python, and not yet come back.
    this.received = null
    this.drag = null
    this.timer = 0
    this.stage.onpointerdown = event => this.grab(event)
    this.stage.onpointermove = event => this.pull(event)
    this.stage.onpointerup = event => this.release(event, true)
    this.stage.onpointercancel = event => this.release(event, false)
    for (const part of [this.body, ...this.edges]) {
      part.onkeydown = event => this.press(event)
      part.onblur = () => this.settle()
    }
    root.querySelector(".whole").onclick = () => {
      this.draw(WHOLE)
      this.settle()
      this.body.focus() // The button is gone.
    }
  }

  // Python's word, on every run of its script.
  receive({ photo, box, least }) {
    this.least = least + 2e-4 // Rounding must not make a box too small for Python.
    if (this.photo.getAttribute("src") !== photo) {
      this.photo.src = photo
      this.received = this.drag = null
      this.unanswered = []
    }
    if (box === this.received) return this.draw(this.box)
    this.received = box
    const echo = this.unanswered.indexOf(box)
    this.unanswered.splice(0, echo + 1)
    // An answer to an earlier box must not take back what the visitor did since.
    if (echo >= 0 || this.drag || this.timer) return
    this.unanswered = []
    this.settled = box
    this.draw(box.split(",").map(Number))
  }

  draw(box) {
    this.box = box.map(value => Math.round(value * 1e4) / 1e4)
    const [left, top, right, bottom] = this.box
    for (const { style } of this.places) {
      style.left = percent(left)
      style.top = percent(top)
      style.width = percent(right - left)
      style.height = percent(bottom - top)
    }
    const whole = text(this.box) === text(WHOLE)
    this.stage.classList.toggle("is-whole", whole)
    this.root.querySelector(".hint").textContent = whole
      ? "Drag a corner to search with a part of the photo."
      : "Searching with the bright part of the photo."
    value(this.body, (100 * (left + right)) / 2, 0, 100, whole
      ? "the whole photo"
      : `from ${spoken(left)} to ${spoken(right)} across, `
        + `from ${spoken(top)} to ${spoken(bottom)} down`)
    for (const [i, edge] of this.edges.entries()) {
      const [low, high] = limits(this.box, i, this.least)
      // The value of a vertical slider grows upwards, the fraction downwards.
      const up = x => 100 * (i % 2 ? 1 - x : x)
      const ends = [up(low), up(high)]
      value(edge, up(this.box[i]), Math.min(...ends), Math.max(...ends),
        `${spoken(this.box[i])} from the ${i % 2 ? "top" : "left"}`)
    }
  }

  // The visitor is done for the moment.
  settle() {
    clearTimeout(this.timer)
    this.timer = 0
    const box = text(this.box)
    if (box === this.settled) return
    this.settled = box
    this.unanswered.push(box)
    this.tell(box)
  }

  grab(event) {
    if (!event.isPrimary || event.button !== 0 || this.drag) return
    const target = event.target.closest("[data-grip]")
    let grip = target.dataset.grip
    if (grip === "move" && this.stage.classList.contains("is-whole")) grip = "draw"
    if (grip === "draw" && event.pointerType === "touch") return // It scrolls the page.
    event.preventDefault()
    if (target.tabIndex === 0) target.focus({ preventScroll: true })
    this.stage.setPointerCapture(event.pointerId)
    this.drag = { grip, id: event.pointerId, from: this.place(event), box: this.box }
  }

  pull(event) {
    if (this.drag?.id !== event.pointerId) return
    const { grip, from, box } = this.drag
    const [x, y] = this.place(event)
    const by = [x - from[0], y - from[1]]
    if (grip === "move") this.draw(moved(box, ...by))
    else if (grip === "draw") this.draw(spanned(from, [x, y], this.least) ?? box)
    else this.draw(resized(box, grip.split(" "), ...by, this.least))
  }

  release(event, keep) {
    if (this.drag?.id !== event.pointerId) return
    if (!keep) this.draw(this.drag.box)
    this.drag = null
    this.settle()
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.drag) return
    const side = SIDES.indexOf(event.currentTarget.dataset.grip)
    const next = side < 0 ? this.pressedBox(event) : this.pressedEdge(event, side)
    if (!next) return
    event.preventDefault() // The page would scroll.
    this.draw(next)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.settle(), REST)
  }

  pressedBox({ key, shiftKey }) {
    const arrow = ARROWS[key]
    if (!arrow) return null
    const by = arrow.map(direction => direction * STEP)
    if (!shiftKey) return moved(this.box, ...by)
    // From the right and the bottom; at the photo's end there is room on the other side alone.
    const grows = by[0] + by[1] > 0
    const [first, last] = by[0] ? [0, 2] : [1, 3]
    if (grows && this.box[last] === 1) {
      return resized(this.box, [SIDES[first]], -by[0], -by[1], this.least)
    }
    return resized(this.box, [SIDES[last]], ...by, this.least)
  }

  pressedEdge({ key }, side) {
    const vertical = side % 2
    const [low, high] = limits(this.box, side, this.least)
    const arrow = ARROWS[key]
    let to = this.box[side]
    if (arrow) to += arrow[vertical] * STEP
    else if (key === "PageUp") to += vertical ? -LEAP : LEAP
    else if (key === "PageDown") to += vertical ? LEAP : -LEAP
    else if (key === "Home") to = vertical ? high : low
    else if (key === "End") to = vertical ? low : high
    else return null
    return this.box.with(side, clamp(to, low, high))
  }

  // A pointer's place in fractions of the photo.
  place({ clientX, clientY }) {
    const { left, top, width, height } = this.photo.getBoundingClientRect()
    return [(clientX - left) / width, (clientY - top) / height]
  }

  stop() {
    clearTimeout(this.timer)
  }
}

const clamp = (x, low, high) => Math.min(Math.max(x, low), high)
const text = box => box.join(",")
const percent = x => `${Math.round(x * 1e4) / 1e2}%`
const spoken = x => `${Math.round(100 * x)} %`

function limits(box, side, least) {
  return side < 2 ? [0, box[side + 2] - least] : [box[side - 2] + least, 1]
}

function moved([left, top, right, bottom], x, y) {
  const across = clamp(x, -left, 1 - right)
  const down = clamp(y, -top, 1 - bottom)
  return [left + across, top + down, right + across, bottom + down]
}

function resized(box, sides, x, y, least) {
  return box.map((at, i) => {
    if (!sides.includes(SIDES[i])) return at
    const [low, high] = limits(box, i, least)
    return clamp(at + (i % 2 ? y : x), low, high)
  })
}

function spanned(from, to, least) {
  const [a, b] = [from, to].map(point => point.map(x => clamp(x, 0, 1)))
  const box = [
    Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1]),
  ]
  return box[2] - box[0] >= least && box[3] - box[1] >= least ? box : null
}

function value(slider, now, low, high, words) {
  slider.setAttribute("aria-valuenow", now.toFixed(0))
  slider.setAttribute("aria-valuemin", low.toFixed(0))
  slider.setAttribute("aria-valuemax", high.toFixed(0))
  slider.setAttribute("aria-valuetext", words)
}
