import BakeModel

extension Verdict {
    /// The name and version of the shape that `json` writes.
    public static let schema = "bake/verdict/1"

    /// The verdict as it is kept in records and printed by `--json`.
    public var json: JSON {
        .record([
            "schema": .string(Self.schema), "passed": .number(Int64(passed)), "failed": .number(Int64(failed)),
            "skipped": .number(Int64(skipped)), "checks": .array(checks.map(\.json)),
            "output": output.map(JSON.string),
            "images": images.isEmpty ? nil : .object(images.mapValues { .string($0.description) }),
            "lent": lent.isEmpty ? nil : .array(lent.map(JSON.string)),
        ])
    }

    /// Reads what `json` wrote; nil for another shape. The counts are counted anew.
    public init?(_ json: JSON) {
        guard json["schema"]?.string == Self.schema, let items = json["checks"]?.items else { return nil }
        let checks = items.compactMap(Check.init)
        guard checks.count == items.count else { return nil }
        self.init(
            checks: checks, output: json["output"]?.string,
            images: json["images"]?.members?.compactMapValues { $0.string.flatMap { Digest($0) } } ?? [:],
            lent: json["lent"]?.items?.compactMap(\.string) ?? [])
    }
}

extension Verdict.Check {
    fileprivate var json: JSON {
        var members: [String: JSON] = [
            "resource": .string(resource), "id": .string(id), "property": .string(property),
            "milliseconds": .number(milliseconds), "outcome": .string(outcome.word),
        ]
        members["expected"] = expected.map(JSON.string)
        members["wrote"] = wrote.map(JSON.string)
        members["title"] = title.map(JSON.string)
        members["meta"] = meta
        switch outcome {
        case .passed: break
        case .failed(let expected, let found):
            members["expected"] = .string(expected)
            members["found"] = .string(found)
        case .skipped(let reason), .error(let reason): members["reason"] = .string(reason)
        case .flaky(let passes, let runs, let otherwise):
            members["passes"] = .number(Int64(passes))
            members["runs"] = .number(Int64(runs))
            members["reason"] = .string(otherwise)
        }
        return .object(members)
    }

    fileprivate init?(_ json: JSON) {
        guard let resource = json["resource"]?.string, let id = json["id"]?.string,
            let property = json["property"]?.string, let milliseconds = json["milliseconds"]?.number,
            let outcome = Verdict.Outcome(json)
        else { return nil }
        self.init(
            resource: resource, id: id, property: property, outcome: outcome, milliseconds: milliseconds,
            expected: json["expected"]?.string, wrote: json["wrote"]?.string)
        (title, meta) = (json["title"]?.string, json["meta"])
    }
}

extension Verdict.Outcome {
    fileprivate init?(_ json: JSON) {
        switch (json["outcome"]?.string, json["reason"]?.string) {
        case ("passed", _): self = .passed
        case ("skipped", let reason?): self = .skipped(reason)
        case ("error", let reason?): self = .error(reason)
        case ("failed", _):
            guard let expected = json["expected"]?.string, let found = json["found"]?.string else { return nil }
            self = .failed(expected: expected, found: found)
        case ("flaky", let reason?):
            guard let passes = json["passes"]?.number.flatMap({ Int(exactly: $0) }),
                let runs = json["runs"]?.number.flatMap({ Int(exactly: $0) })
            else { return nil }
            self = .flaky(passes: passes, runs: runs, otherwise: reason)
        default: return nil
        }
    }
}
