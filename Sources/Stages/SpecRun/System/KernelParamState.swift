import Glibc
import LinuxSystem

/// A parameter of the kernel, as the image sees it. sysctl(8).
struct KernelParamState: ResourceState {
    let name: String
    private let text: [UInt8]

    /// Reads it.
    /// - Parameter directory: a /proc of the image's namespaces.
    init(_ name: String, processDirectory directory: String) throws {
        self.name = name
        text = try Self.text(of: name, below: "\(directory)/sys")
    }

    private static func text(of name: String, below directory: String) throws -> [UInt8] {
        let path = name.split(whereSeparator: { $0 == "." || $0 == "/" }).joined(separator: "/")
        do throws(SystemError) {
            return try Descriptor.open("\(directory)/\(path)", O_RDONLY | O_NONBLOCK).readAll(limit: 1 << 16)
        } catch {
            guard [ENOENT, EISDIR].contains(error.number) else { throw error }
            throw StateError(subject: name, reason: "the kernel has no such parameter")
        }
    }

    func value(of property: Property) throws -> FoundValue {
        guard property == .value else { throw StateError.unasked(property, of: name) }
        return .text(text.last == UInt8(ascii: "\n") ? text.dropLast() : text)
    }
}
