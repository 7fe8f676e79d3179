import BakeModel

/// What a YAML file may hold at most; checked while it is read, before anything large is built.
public struct YAMLLimits: Sendable {
    /// The bytes of the file.
    public var bytes = 1 << 20
    /// How deep values nest.
    public var depth = 32
    /// How many values there are.
    public var nodes = 100_000
    /// How many lines begin with `%`: libyaml compares each `%TAG` with all before it, twelve seconds for a mebibyte.
    public var directives = 16
    /// Whether anchors, aliases and merge keys are taken; what they repeat counts among the values each time.
    public var takesAliases = false
    /// After how many faults of its syntax no more are noted.
    public var faults = 100

    /// The limits of files that people write.
    public static let standard = YAMLLimits()

    /// The limits of files that people write, to be changed.
    public init() {}
}

/// A YAML file that was read: UTF-8, one document, without types or equal keys, and without aliases, anchors and
/// merge keys where its limits do not take them.
public struct YAMLDocument: Sendable {
    /// The text, for faults that a reader finds.
    public let source: SourceText
    /// The value; nil where the file is empty.
    public let root: YAMLNode?

    /// Reads a file's bytes. Throws every fault that its syntax has; what the values mean is for a `YAMLReader`.
    public init(parsing bytes: [UInt8], file: String, limits: YAMLLimits = .standard) throws(SourceFaults) {
        let (document, faults) = Self.examine(bytes, file: file, limits: limits)
        if let faults = SourceFaults(faults) { throw faults }
        self = document
    }

    /// Reads a file's bytes as far as they can be read, with the faults of its syntax beside them, so that a reader
    /// can add its own and all are shown at once.
    public static func examine(
        _ bytes: [UInt8], file: String, limits: YAMLLimits = .standard
    ) -> (document: YAMLDocument, faults: [SourceFault]) {
        if let (fault, position) = refusal(of: bytes, limits: limits) {
            let source = SourceText(file: file, bytes: position == .start ? [] : bytes)
            return (YAMLDocument(source: source, root: nil), [source.fault(fault, at: position)])
        }
        let source = SourceText(file: file, bytes: bytes)
        if let fault = excess(of: source, bytes, limits: limits) {
            return (YAMLDocument(source: source, root: nil), [fault])
        }
        do throws(YAMLProblem) {
            var composer = YAMLComposer(try YAMLEventStream(bytes), limits: limits)
            let (root, stop) = compose(&composer, bytes)
            let faults = (composer.faults + (stop.map { [$0] } ?? [])).map {
                source.fault($0.message, at: $0.position, suggestion: $0.suggestion)
            }
            return (YAMLDocument(source: source, root: root), faults)
        } catch {
            return (YAMLDocument(source: source, root: nil), [source.fault(error.message, at: .start)])
        }
    }

    private init(source: SourceText, root: YAMLNode?) {
        self.source = source
        self.root = root
    }

    private static func refusal(of bytes: [UInt8], limits: YAMLLimits) -> (String, SourcePosition)? {
        guard bytes.count <= limits.bytes else {
            return ("the file has \(bytes.count) bytes, more than \(limits.bytes)", .start)
        }
        guard let offset = SourceText.firstInvalidByte(of: bytes) else { return nil }
        return ("this byte is no UTF-8", SourceText.position(of: offset, in: bytes))
    }

    private static func excess(of source: SourceText, _ bytes: [UInt8], limits: YAMLLimits) -> SourceFault? {
        guard bytes.count(where: { $0 == UInt8(ascii: "%") }) > limits.directives else { return nil }
        let lines = source.lines
        let directives = lines.indices.filter { lines[$0].utf8.first == UInt8(ascii: "%") }
        guard directives.count > limits.directives else { return nil }
        return source.fault(
            "more than \(limits.directives) directives",
            at: SourcePosition(line: directives[limits.directives] + 1, column: 1))
    }

    private static func compose(
        _ composer: inout YAMLComposer, _ bytes: [UInt8]
    ) -> (root: YAMLNode?, stop: YAMLComposer.Fault?) {
        do throws(YAMLComposer.Stop) {
            return (try composer.document(), nil)
        } catch {
            switch error {
            case .limit(let fault): return (nil, fault)
            case .syntax(let problem): return (nil, problem.fault(in: bytes))
            }
        }
    }
}
