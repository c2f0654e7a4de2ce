/**
 * Where Keras 3 puts a layer's weights in model.weights.h5: `layers/<class in snake case>[_<n>]`, the n-th of its
 * class; the layer's own name plays no part (keras/src/saving/saving_lib.py, `_save_container_state`).
 *
 * @param classNames of the layers in order.
 */
export function weightGroupsOf(classNames: readonly string[]): string[] {
  const used = new Map<string, number>();
  return classNames.map((className) => {
    const base = snakeCase(className);
    const count = used.get(base) ?? 0;
    used.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  });
}

/** As `keras.utils.naming.to_snake_case`: `MaxPooling2D` → `max_pooling2d`, `ReLU` → `re_lu`. */
function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
