import BakeModel
import Clibyaml

/// One event of a YAML stream, copied out of libyaml.
struct YAMLEvent {
    /// What is met.
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        case alias(String)
        case scalar(text: String, isPlain: Bool)
    }

    let kind: Kind
    let position: SourcePosition
    /// The name given by `&name`.
    let anchor: String?
    /// The type given by `!type`.
    let tag: String?
}

/// Why libyaml cannot go on.
struct YAMLProblem: Error {
    /// What it was doing, `while scanning an alias`; empty where it does not say.
    let context: String
    /// Where that began.
    let contextPosition: SourcePosition?
    /// What is wrong.
    let message: String
    /// Where; nil where only `offset` is known.
    let position: SourcePosition?
    /// The byte at which the reader failed.
    let offset: Int
}

/// The events of a YAML text, one after another. The only place that calls libyaml.
final class YAMLEventStream {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// Starts at the beginning of UTF-8 text, which is copied.
    init(_ bytes: [UInt8]) throws(YAMLProblem) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            // The structure is zero after a failure, so `deinit` may delete it as after a success.
            throw YAMLProblem(context: "", contextPosition: nil, message: "out of memory", position: nil, offset: 0)
        }
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event. After `streamEnd` or an error there is none.
    func next() throws(YAMLProblem) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }

    private var problem: YAMLProblem {
        let state = parser.pointee
        let inReader = state.error == YAML_READER_ERROR
        return YAMLProblem(
            context: YAMLEvent.text(state.context) ?? "",
            contextPosition: state.context == nil ? nil : SourcePosition(state.context_mark),
            message: YAMLEvent.text(state.problem) ?? "out of memory",
            position: inReader ? nil : SourcePosition(state.problem_mark), offset: state.problem_offset)
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        position = SourcePosition(event.start_mark)
        let data = event.data
        switch event.type {
        case YAML_STREAM_START_EVENT: (kind, anchor, tag) = (.streamStart, nil, nil)
        case YAML_DOCUMENT_START_EVENT: (kind, anchor, tag) = (.documentStart, nil, nil)
        case YAML_DOCUMENT_END_EVENT: (kind, anchor, tag) = (.documentEnd, nil, nil)
        case YAML_ALIAS_EVENT: (kind, anchor, tag) = (.alias(Self.text(data.alias.anchor) ?? ""), nil, nil)
        case YAML_SCALAR_EVENT:
            kind = Self.scalar(data.scalar)
            (anchor, tag) = (Self.text(data.scalar.anchor), Self.text(data.scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            (anchor, tag) = (Self.text(data.sequence_start.anchor), Self.text(data.sequence_start.tag))
        case YAML_SEQUENCE_END_EVENT: (kind, anchor, tag) = (.sequenceEnd, nil, nil)
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            (anchor, tag) = (Self.text(data.mapping_start.anchor), Self.text(data.mapping_start.tag))
        case YAML_MAPPING_END_EVENT: (kind, anchor, tag) = (.mappingEnd, nil, nil)
        default: (kind, anchor, tag) = (.streamEnd, nil, nil)
        }
    }

    private static func scalar(_ data: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) -> Kind {
        let bytes = UnsafeBufferPointer(start: data.value, count: data.length)
        return .scalar(
            text: String(decoding: bytes, as: UTF8.self), isPlain: data.style == YAML_PLAIN_SCALAR_STYLE)
    }

    fileprivate static func text(_ bytes: UnsafePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }

    fileprivate static func text(_ bytes: UnsafePointer<CChar>?) -> String? {
        bytes.map { String(cString: $0) }
    }
}

extension SourcePosition {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
