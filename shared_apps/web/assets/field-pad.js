// A signature drawn with a finger, a pen or the mouse; `value()` is a PNG, or null when nothing was drawn.
export function pad(canvas) {
  const pen = canvas.getContext("2d");
  let drawn = false;
  let drawing = false;
  let changed = () => {};

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#1c1917";
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
    drawn = true;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (drawing && drawn) changed();
      drawing = false;
    });
  }
  return {
    value: () => (drawn ? canvas.toDataURL("image/png") : null),
    clear() {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      drawn = false;
      changed();
    },
    show(data) {
      if (!data) return;
      const image = new Image();
      image.onload = () => { pen.drawImage(image, 0, 0, canvas.width, canvas.height); drawn = true; };
      image.src = data;
    },
    onChange(listener) { changed = listener; },
  };
}
