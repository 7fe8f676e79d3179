import BakeModel

/// Compares what a resource expects with what is found.
struct ResourceCheck {
    let resource: Resource

    /// A check for each expectation.
    /// - Parameter state: what answers; an error in getting it is one in each check.
    func checks(against state: () throws -> any ResourceState) -> [Verdict.Check] {
        if resource.isSkipped { return resource.expectations.map { check($0, .skipped("the spec says skip"), 0) } }
        let answers = Result { try state() }
        var checks: [Verdict.Check] = []
        var reasonToSkip: String?
        for expectation in resource.expectations {
            if let reasonToSkip {
                checks.append(check(expectation, .skipped(reasonToSkip), 0))
                continue
            }
            let start = ContinuousClock.now
            let (outcome, found) = evaluate(expectation, answers)
            let background = outcome.isFailure ? try? answers.get().background(of: expectation.property) : nil
            checks.append(check(expectation, outcome, (ContinuousClock.now - start).milliseconds, background))
            if checks.count == 1 { reasonToSkip = reason(toSkipAfter: expectation, outcome, found) }
        }
        return checks
    }

    /// Checks that could not even begin, and why.
    func checks(failing error: any Error) -> [Verdict.Check] { checks { throw error } }

    private func evaluate(
        _ expectation: Expectation, _ answers: Result<any ResourceState, any Error>
    ) -> (Verdict.Outcome, FoundValue?) {
        guard let matcher = expectation.matcher else {
            return (.error("\"\(expectation.property.rawValue)\" is required, and the spec does not say it"), nil)
        }
        do {
            let state = try answers.get()
            let found = try state.value(of: expectation.property)
            switch matcher.match(found) {
            case .matched: return (.passed, found)
            case .mismatched(let detail):
                let remark = state.remark(on: expectation.property).map { " (\($0))" } ?? ""
                return (.failed(expected: matcher.shown, found: (detail ?? found.shown) + remark), found)
            case .error(let reason): return (.error(reason), found)
            }
        } catch {
            return (.error(Self.text(of: error)), nil)
        }
    }

    private func reason(
        toSkipAfter first: Expectation, _ outcome: Verdict.Outcome, _ found: FoundValue?
    ) -> String? {
        guard resource.type.firstDecides else { return nil }
        guard outcome == .passed else { return "\"\(first.property.rawValue)\" did not pass" }
        return found == .bool(false) ? "\"\(first.property.rawValue)\" is false" : nil
    }

    private func check(
        _ expectation: Expectation, _ outcome: Verdict.Outcome, _ milliseconds: Int64, _ wrote: String? = nil
    ) -> Verdict.Check {
        var check = Verdict.Check(
            resource: resource.type.rawValue, id: resource.id, property: expectation.property.rawValue,
            outcome: outcome, milliseconds: milliseconds, expected: expectation.matcher?.shown, wrote: wrote)
        (check.title, check.meta) = (resource.title, resource.meta)
        return check
    }

    /// What is said of a check that could not be evaluated.
    static func text(of error: any Error) -> String {
        guard let explained = error as? any ExplainedError else { return String(describing: error) }
        return "cannot \(explained.doing) \(explained.subject): \(explained.reason)"
    }
}

extension Verdict.Outcome {
    /// The same failure with a remark beside what was found; what is none stays as it is.
    func remarked(_ remark: String) -> Verdict.Outcome {
        switch self {
        case .failed(let expected, let found): .failed(expected: expected, found: "\(found) (\(remark))")
        case .error(let reason): .error("\(reason) (\(remark))")
        case .passed, .skipped, .flaky: self
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
