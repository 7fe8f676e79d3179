import Foundation

/// A fresh directory that goes with its owner.
public final class TemporaryDirectory: Sendable {
    /// Its absolute path.
    public let path: String

    /// Makes it.
    public init() throws {
        _ = Self.brokenPipesAreErrors
        var template = Array("/tmp/bake-git-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// bake's own main does the same: a helper may die before it has read its request.
    private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
