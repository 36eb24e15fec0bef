/** Takes files that are dropped on a part of the page or pasted into it; the overlay shows where they may be dropped. */
export function takeDroppedFiles(part, overlay, canTake, add) {
  let depth = 0;   // dragenter and dragleave come for every element inside, too
  const hasFiles = event => canTake() && event.dataTransfer.types.includes('Files');
  const showOverlay = shown => {
    overlay.hidden = !shown;
    if (!shown) depth = 0;
  };

  part.addEventListener('dragenter', event => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth++;
    showOverlay(true);
  });
  part.addEventListener('dragover', event => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  part.addEventListener('dragleave', event => {
    if (hasFiles(event) && --depth <= 0) showOverlay(false);
  });
  part.addEventListener('drop', event => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    showOverlay(false);
    add(event.dataTransfer.files);
  });
  part.addEventListener('paste', event => {
    if (!canTake() || event.clipboardData.files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
}
