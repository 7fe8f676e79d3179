import BakeModel
import BakePipeline
import Signing

/// A policy as people read it: for each environment, pipeline and group of people its rules, by name.
struct PolicyRules {
    /// What rules are about, and what they say.
    struct Section {
        let subject: String
        let rules: [(key: String, value: String)]
        /// Whether it is there although it says nothing.
        var isNamed = false
    }

    let sections: [Section]

    init(_ policy: Policy) {
        let pipelines = policy.pipelines.map { pipeline in
            let rules = [("origin", pipeline.origin), ("branch", pipeline.branch)]
            return Section(subject: pipeline.name.text, rules: Self.known(rules), isNamed: true)
        }
        let store = [
            ("operators", policy.operators.isEmpty ? nil : policy.operators.joined(separator: ", ")),
            ("anchor", policy.anchor?.description), ("max_size", policy.maxSize.map(Wording.size)),
        ]
        let people = Dictionary(grouping: policy.signers?.keys ?? [], by: \.person).sorted { $0.key < $1.key }
            .map { ($0.key, $0.value.map(Self.text).joined(separator: ", ")) }
        sections =
            policy.environments.map { Section(subject: $0.name.text, rules: $0.shownRules, isNamed: true) } + pipelines
            + [
                Section(subject: "store", rules: Self.known(store)),
                Section(subject: "builders", rules: policy.builders.map { ($0.name, Self.key($0)) }),
                Section(subject: "signers", rules: people),
            ]
    }

    static func known(_ rules: [(String, String?)]) -> [(key: String, value: String)] {
        rules.compactMap { key, value in value.map { (key, $0) } }
    }

    /// A builder's key by the name that envelopes and the ledger give it; a document that is none by its digest.
    private static func key(_ document: PolicyDocument) -> String {
        guard let key = try? VerifyingKey(pem: Array(document.text.utf8), name: document.name) else {
            return document.digest.short
        }
        return "key \(key.id.prefix(12))"
    }

    /// A key by its fingerprint, as `ssh-keygen -l` prints it, what bounds it, and the other names of its person.
    private static func text(_ key: AllowedSigners.Key) -> String {
        let digest = Digest.of(Base64.bytes(key.body) ?? Array(key.body.utf8))
        let print = "SHA256:\(Base64.text(digest.bytes).prefix { $0 != "=" })"
        let others = key.names.dropFirst()
        let bounds = key.options.isEmpty ? [] : [key.options]
        let more = bounds + (others.isEmpty ? [] : ["also \(others.joined(separator: ", "))"])
        return more.isEmpty ? print : "\(print) (\(more.joined(separator: "; ")))"
    }
}

extension EnvironmentPolicy {
    /// The rules that it has, in the words of a policy file.
    var shownRules: [(key: String, value: String)] {
        let approval = approve.map { rule in
            "\(rule.need) of \(rule.by.joined(separator: ", "))"
                + (rule.never.isEmpty ? "" : ", never \(rule.never.map(\.rawValue).joined(separator: ", "))")
        }
        return PolicyRules.known([
            ("after", after?.text), ("soak", soak?.description), ("approve", approval),
            ("windows", windows.isEmpty ? nil : windows.map(\.description).joined(separator: ", ")),
            ("reason", reason), ("spec", spec.map { "\($0.name) \($0.digest.short)" }),
            ("require", require.isEmpty ? nil : require.map(\.rawValue).joined(separator: ", ")),
            ("keep", keep?.description), ("retain", retain?.description), ("drafts", drafts ? "yes" : nil),
            ("auto", auto.isEmpty ? nil : auto.map(\.text).joined(separator: ", ")),
        ])
    }
}
