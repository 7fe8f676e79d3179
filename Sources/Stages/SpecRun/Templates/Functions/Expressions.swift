import RegularExpressions

extension TemplateFunctions {
    /// Sprig's and goss's functions of regular expressions, in RE2's syntax.
    static let expressions: [String: Function] = [
        "regexMatch": Function(2) { a in .bool(try expression(a).matches(try a.text(1).utf8)) },
        "mustRegexMatch": Function(2) { a in .bool(try expression(a).matches(try a.text(1).utf8)) },
        "regexFind": Function(2) { a in
            .text(try expression(a).first(in: Array(try a.text(1).utf8))?.texts.first ?? "")
        },
        "regexFindAll": Function(3) { a in
            .list(try found(a).map { .text($0.texts.first ?? "") })
        },
        "regexReplaceAll": Function(3) { a in
            let template = try a.text(2)
            let expression = try expression(a)
            return .text(try replaced(a) { $0.expanding(template, of: expression) })
        },
        "regexReplaceAllLiteral": Function(3) { a in
            let text = try a.text(2)
            return .text(try replaced(a) { _ in text })
        },
        "regexSplit": Function(3) { a in
            let (bytes, most) = (Array(try a.text(1).utf8), try a.integer(2))
            var (parts, start) = ([DataValue](), 0)
            for match in try expression(a).all(in: bytes) where most < 0 || parts.count < most - 1 {
                guard match.range.upperBound > 0 else { continue }
                parts.append(.text(String(decoding: bytes[start..<match.range.lowerBound], as: UTF8.self)))
                start = match.range.upperBound
            }
            return .list(most == 0 ? [] : parts + [.text(String(decoding: bytes[start...], as: UTF8.self))])
        },
        "regexQuoteMeta": Function(1) { a in
            .text(try a.text(0).map { #"\.+*?()|[]{}^$"#.contains($0) ? "\\\($0)" : String($0) }.joined())
        },
        // goss's: the whole match and its groups.
        "findStringSubmatch": Function(2) { a in
            .list(try expression(a).first(in: Array(try a.text(1).utf8))?.texts.map(DataValue.text) ?? [])
        },
    ]

    private static func expression(_ arguments: TemplateArguments) throws -> RegularExpression {
        let pattern = try arguments.text(0)
        do throws(RegularExpression.Fault) { return try RegularExpression(pattern) } catch {
            throw TemplateFault("this is no regular expression: \(error.reason)", suggestion: error.hint)
        }
    }

    private static func found(_ arguments: TemplateArguments) throws -> ArraySlice<RegularExpression.Found> {
        let count = try arguments.integer(2)
        let all = try expression(arguments).all(in: Array(try arguments.text(1).utf8))
        return count < 0 ? all[...] : all.prefix(count)
    }

    private static func replaced(
        _ arguments: TemplateArguments, _ write: (RegularExpression.Found) -> String
    ) throws -> String {
        let bytes = Array(try arguments.text(1).utf8)
        var (text, start) = ([UInt8](), 0)
        for match in try expression(arguments).all(in: bytes) {
            text += bytes[start..<match.range.lowerBound] + Array(write(match).utf8)
            start = match.range.upperBound
            guard text.count <= TemplateOutput.longest else {
                throw TemplateFault("the text becomes longer than \(TemplateOutput.longest) bytes")
            }
        }
        return String(decoding: text + bytes[start...], as: UTF8.self)
    }
}

extension RegularExpression.Found {
    /// A replacement with `$1`, `${1}`, `${name}` and `$$` filled in. regexp.Expand.
    fileprivate func expanding(_ template: String, of expression: RegularExpression) -> String {
        var text = ""
        var rest = Substring(template)
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                text += "$"
                rest = rest.dropFirst()
                continue
            }
            let isBraced = rest.first == "{"
            if isBraced { rest = rest.dropFirst() }
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            rest = rest.dropFirst(name.count)
            if isBraced, rest.first == "}" { rest = rest.dropFirst() }
            let index = Int(name) ?? expression.group(named: String(name))
            text += index.flatMap { texts[safely: $0] } ?? ""
        }
        return text + rest
    }
}
