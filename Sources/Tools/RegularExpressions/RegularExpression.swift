import BakeModel
import CRE2

/// A compiled regular expression in RE2's syntax: no look-around, no back-references, time linear in the text.
public final class RegularExpression {
    private let expression: OpaquePointer
    /// What one expression may use, as a program and while it runs.
    private static let memoryLimit: Int64 = 8 << 20

    /// Why text is no expression, as RE2 says it.
    public struct Fault: ExplainedError, Hashable {
        public let pattern: String
        public let reason: String
        public var doing: String { "compile the regular expression" }
        public var subject: String { pattern }
        public var hint: String? { "the syntax is RE2's: https://github.com/google/re2/wiki/Syntax" }
        public var exit: ExitCode { .usage }
    }

    /// Compiles a pattern.
    public init(_ pattern: String) throws(Fault) {
        var error = [CChar](repeating: 0, count: 256)
        let bytes = Array(pattern.utf8)
        let compiled = cre2_compile(bytes, Int64(bytes.count), Self.memoryLimit, &error, Int64(error.count))
        guard let compiled else {
            let reason = String(decoding: error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Fault(pattern: pattern, reason: reason)
        }
        expression = compiled
    }

    deinit { cre2_free(expression) }

    /// Whether it matches anywhere in the text.
    public func matches(_ text: some Collection<UInt8>) -> Bool {
        let direct = text.withContiguousStorageIfAvailable { matches(bytes: UnsafeRawBufferPointer($0)) }
        return direct ?? Array(text).withUnsafeBytes { matches(bytes: $0) }
    }

    private func matches(bytes: UnsafeRawBufferPointer) -> Bool {
        cre2_matches(expression, bytes.baseAddress, Int64(bytes.count)) == 1
    }
}
