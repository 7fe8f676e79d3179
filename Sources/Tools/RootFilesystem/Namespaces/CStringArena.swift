import Glibc

/// C strings and arrays that live as long as this object: what a child between clone3 and exec needs, which cannot
/// make any itself.
final class CStringArena {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit { for block in blocks { free(block) } }

    private func string(_ text: String) -> UnsafeMutablePointer<CChar>? {
        guard let copy = strdup(text) else { return nil }
        blocks.append(UnsafeMutableRawPointer(copy))
        return copy
    }

    /// A copy of the text, closed by NUL; NULL for none.
    func constant(_ text: String?) -> UnsafePointer<CChar>? { text.flatMap { UnsafePointer(string($0)) } }

    /// Copies of the texts, closed by NULL.
    func array(_ texts: [String]) -> UnsafePointer<UnsafeMutablePointer<CChar>?>? {
        pointer(to: texts.map { string($0) } + [nil])
    }

    /// A copy of the values.
    func pointer<Value>(to values: [Value]) -> UnsafePointer<Value>? {
        let bytes = max(1, values.count * MemoryLayout<Value>.stride)
        guard let block = malloc(bytes) else { return nil }
        blocks.append(block)
        let copy = block.bindMemory(to: Value.self, capacity: values.count)
        copy.initialize(from: values, count: values.count)
        return UnsafePointer(copy)
    }
}
