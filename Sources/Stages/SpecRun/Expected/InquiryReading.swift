import BakeModel
import YAMLDocument

extension SpecReading {
    /// What a resource asks, of what.
    mutating func inquiry(_ type: ResourceType, _ subject: YAMLScalar, _ map: YAMLMapping) -> Inquiry? {
        guard !subject.text.isEmpty else {
            reader.note("\"\(type.subjectKey)\" is empty", at: subject.position)
            return nil
        }
        switch type {
        case .file: return .file(path: subject.text)
        case .user: return .user(name: subject.text)
        case .group: return .group(name: subject.text)
        case .process: return .process(name: subject.text)
        case .package:
            // A root file system does not change while it is looked at: trying again would find the same.
            _ = retries(map)
            return .package(name: subject.text)
        case .command: return .command(command(subject.text, map))
        case .port: return port(subject)
        case .http: return http(subject, map)
        case .addr: return address(subject, map)
        case .dns: return name(subject, map)
        case .interface: return .interface(name: subject.text)
        case .kernelParam: return .kernelParam(name: subject.text)
        case .matching: return matching(subject, map)
        case .mount:
            // The table of mounts is read at once: there is nothing to wait for.
            _ = timeout(map)
            return .mount(path: subject.text)
        case .service: return .service(name: subject.text)
        }
    }

    private mutating func port(_ subject: YAMLScalar) -> Inquiry? {
        if let port = ListeningPort(subject.text) { return .port(port) }
        reader.note(
            "\"\(subject.text)\" is no port", at: subject.position,
            suggestion: "a port is 8080, tcp:8080, tcp6:8080, udp:53 or udp6:53")
        return nil
    }

    private mutating func command(_ script: String, _ map: YAMLMapping) -> CommandRequest {
        var request = CommandRequest(program: words(map).map { RootProgram(words: $0) } ?? .shell(script))
        request.timeout = timeout(map) ?? request.timeout
        let (count, delay) = retries(map)
        request.retries = count ?? 0
        request.retryDelay = delay ?? request.retryDelay
        return request
    }

    /// The program and its arguments where a list says them, which needs no shell. An empty one says nothing, as an empty text in goss.
    private mutating func words(_ map: YAMLMapping) -> [String]? {
        guard case .sequence(let list)? = map[ResourceType.command.subjectKey] else { return nil }
        if list.items.isEmpty {
            warn("\"exec\" is empty: the key itself counts", at: list.position)
            return nil
        }
        let words = reader.texts(.sequence(list), "\"exec\"")
        if words?.first?.isEmpty == true {
            reader.note(
                "the first word of \"exec\" is empty", at: list.position,
                suggestion: "it names the program, as in exec: [cat, /etc/passwd]; without \"exec\" the key runs")
        }
        return words
    }

    mutating func retries(_ map: YAMLMapping) -> (count: Int?, delay: Int64?) {
        let count = map["retry_count"].flatMap { number($0, "\"retry_count\"", 0...100) }
        let delay = map["retry_delay"].flatMap { duration($0, "\"retry_delay\"") }
        return (count.map { Int($0) }, delay == 0 ? nil : delay)
    }

    /// Milliseconds; nil for 0, which means the type's own.
    mutating func timeout(_ map: YAMLMapping) -> Int64? {
        let timeout = map["timeout"].flatMap { number($0, "\"timeout\"", 0...3_600_000) }
        return timeout == 0 ? nil : timeout
    }

    private mutating func number(_ node: YAMLNode, _ what: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard let number = reader.integer(node, what) else { return nil }
        if range.contains(number) { return number }
        reader.note("\(what) is a number from \(range.lowerBound) to \(range.upperBound)", at: node.position)
        return nil
    }

    /// Milliseconds, or text such as `2s`, `500ms`, `1m30s`.
    private mutating func duration(_ node: YAMLNode, _ what: String) -> Int64? {
        if case .scalar(let scalar) = node, scalar.integer == nil, !scalar.isNull {
            if let milliseconds = GoDuration.milliseconds(scalar.text) { return milliseconds }
            reader.note("\(what) is milliseconds, or text such as 500ms, 2s or 1m", at: node.position)
            return nil
        }
        return number(node, what, 0...3_600_000)
    }

    private mutating func http(_ subject: YAMLScalar, _ map: YAMLMapping) -> Inquiry? {
        guard ["http://", "https://"].contains(where: subject.text.lowercased().hasPrefix) else {
            reader.note("\"\(subject.text)\" is no http or https address", at: subject.position)
            return nil
        }
        var request = HTTPRequest(url: subject.text)
        request.method = map["method"].flatMap { method($0) } ?? request.method
        request.allowInsecure = map["allow-insecure"].flatMap { reader.flag($0, "\"allow-insecure\"") } ?? false
        request.noFollowRedirects =
            map["no-follow-redirects"].flatMap { reader.flag($0, "\"no-follow-redirects\"") } ?? false
        request.timeout = timeout(map) ?? request.timeout
        request.headers = map["request-headers"].map { headers($0) } ?? []
        request.body = option("request-body", map) ?? ""
        request.username = option("username", map) ?? ""
        request.password = option("password", map) ?? ""
        request.caFile = option("ca-file", map)
        request.certificateFile = option("cert-file", map)
        request.keyFile = option("key-file", map)
        request.proxy = option("proxy", map)
        return .http(request)
    }

    mutating func option(_ key: String, _ map: YAMLMapping) -> String? {
        map[key].flatMap { reader.text($0, "\"\(key)\"") }
    }

    /// A token of RFC 9110, 5.6.2, of letters.
    private mutating func method(_ node: YAMLNode) -> String? {
        guard let text = reader.text(node, "\"method\"") else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x41...0x5a).contains($0 & 0xdf) }) { return text }
        reader.note("\"\(text)\" is no method of HTTP", at: node.position)
        return nil
    }

    /// Lines `Name: value`; a line break within would be another header.
    private mutating func headers(_ node: YAMLNode) -> [String] {
        guard let items = reader.items(node, "\"request-headers\"") else { return [] }
        var headers: [String] = []
        for item in items {
            guard let text = reader.text(item, "a request header") else { continue }
            let isHeader = text.contains(": ") && !text.hasPrefix(":") && !text.utf8.contains { $0 < 0x20 }
            if isHeader { headers.append(text) } else { reader.note("a header is \"Name: value\"", at: item.position) }
        }
        return headers
    }
}

/// Go's spelling of durations, `1m30s`. time.ParseDuration, without fractions.
enum GoDuration {
    private static let units: [String: Int64] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]

    /// The milliseconds, at most an hour; nil for anything else.
    static func milliseconds(_ text: String) -> Int64? {
        var rest = Substring(text)
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard digits.count < 9, let count = Int64(digits), let factor = units[String(unit)] else { return nil }
            total += count * factor
            // Looked at each time: there may be any number of parts.
            guard total <= 3_600_000 else { return nil }
        }
        return text.isEmpty ? nil : total
    }
}
