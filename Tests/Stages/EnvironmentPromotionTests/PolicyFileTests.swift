import BakeModel
import EnvironmentPromotion
import Testing

@Suite struct PolicyFileTests {
    @Test("names, after and auto")
    func example() throws {
        let policy = try read(
            "environments:\n  staging: { auto: [worker, web] }\n  production: { after: staging }\n  lab:\n")
        #expect(policy.environments.map(\.name.text) == ["staging", "production", "lab"])
        #expect(policy.environments.map { $0.after?.text } == [nil, "staging", nil])
        #expect(policy.automatic(for: try #require(PipelineName("web"))).map(\.text) == ["staging"])
        #expect(policy.automatic(for: try #require(PipelineName("book"))).isEmpty)
        let canonical =
            #"{"environments":[{"auto":["web","worker"],"name":"staging"},{"after":"staging","name":"production"},{"name":"lab"}]}"#
        #expect(policy.json.canonical == canonical)
        #expect(policy.digest == Digest.of(Array(canonical.utf8)))
        #expect(Policy(policy.json) == policy)
    }

    @Test("pipelines: the repository that a name belongs to, and the branch whose commits make generations")
    func pipelines() throws {
        let policy = try read(
            "pipelines:\n  web: { origin: \"ssh://git@git.example/web.git\", branch: release/1 }\nenvironments: { a: {} }\n"
        )
        let web = try #require(PipelineName("web"))
        #expect(policy.pipeline(web)?.origin == "ssh://git@git.example/web.git")
        #expect(policy.pipeline(web)?.branch == "release/1")
        #expect(
            policy.json.canonical
                == #"{"environments":[{"name":"a"}],"pipelines":[{"branch":"release/1","name":"web","origin":"ssh://git@git.example/web.git"}]}"#
        )
        #expect(Policy(policy.json) == policy)
    }

    @Test("the digest is of what the policy says, not of how it is laid out")
    func layout() throws {
        let one = try read("environments: {a: {auto: [x, y]}}")
        let other = try read("# Ours.\nenvironments:\n  a:\n    auto:\n      - \"y\"\n      - x\n")
        #expect(one.digest == other.digest)
    }

    @Test(
        "a record with a gate that this version does not know is not read",
        arguments: [
            #"{"environments":[{"name":"a","soak":"2h"}]}"#, #"{"environments":[],"pipelines":{}}"#,
            #"{"environments":[],"pipelines":[{"name":"web","builders":1}]}"#,
            #"{"environments":[],"pipelines":[{"name":"web","origin":1}]}"#, #"{"environments":[],"hosts":[]}"#,
            #"{"environments":[{"name":"A"}]}"#, #"{"environments":[{"after":1,"name":"a"}]}"#,
            #"{"environments":[{"auto":"x","name":"a"}]}"#, "[]",
        ])
    func unknownRecord(text: String) throws {
        #expect(Policy(try JSON(parsing: Array(text.utf8))) == nil)
    }

    @Test("all faults at once; gates of a later version are refused, not ignored")
    func transcript() {
        let text = """
            pipelines:
              web: { branch: "a..b", origin: web.git, gate: 1 }
              Web: {}
            hosts: {}
            environments:
              staging:
                auto: [web, production, Web]
              production:
                after: stagin
                drafts: perhaps
                aprove: 2
              host: {}
              a: { after: b }
              b: { after: a }
            """
        let faults = #expect(throws: SourceFaults.self) { try read(text) }
        #expect(
            faults?.report == """
                policy.yaml:2:18: "a..b" is no branch
                    web: { branch: "a..b", origin: web.git, gate: 1 }
                                   ^
                  its name alone, as in main
                policy.yaml:2:34: "web.git" is no repository
                    web: { branch: "a..b", origin: web.git, gate: 1 }
                                                   ^
                  its address as a bake records it (bake show says it), or an absolute path
                policy.yaml:2:43: the pipeline web has no key "gate"
                    web: { branch: "a..b", origin: web.git, gate: 1 }
                                                            ^
                  its keys are origin, branch
                policy.yaml:3:3: "Web" is no name for a pipeline
                    Web: {}
                    ^
                  a name is a lower-case letter, then lower-case letters, digits and hyphens, at most 63; failed, host, sha256 and scratch are reserved
                policy.yaml:4:1: "hosts" is not in this version
                  hosts: {}
                  ^
                policy.yaml:7:17: production is an environment; pipelines and environments share one namespace
                      auto: [web, production, Web]
                                  ^
                policy.yaml:7:29: "Web" is no name
                      auto: [web, production, Web]
                                              ^
                  a name is a lower-case letter, then lower-case letters, digits and hyphens, at most 63; failed, host, sha256 and scratch are reserved
                policy.yaml:9:12: there is no environment "stagin"
                      after: stagin
                             ^
                  did you mean "staging"?
                policy.yaml:10:13: drafts is true or false, not "perhaps"
                      drafts: perhaps
                              ^
                policy.yaml:11:5: the environment production has no key "aprove"
                      aprove: 2
                      ^
                  did you mean "approve"?
                policy.yaml:12:3: "host" is no name for an environment
                    host: {}
                    ^
                  a name is a lower-case letter, then lower-case letters, digits and hyphens, at most 63; failed, host, sha256 and scratch are reserved
                policy.yaml:13:3: environments come after each other: a → b → a
                    a: { after: b }
                    ^
                """)
        #expect(faults?.exit == .usage)
    }

    private static let key = "AAAAC3NzaC1lZDI1NTE5AAAAI" + String(repeating: "A", count: 43)
    private static let files = [
        "allowed_signers": "alice ssh-ed25519 \(key)\nbob ssh-ed25519 \(key.dropLast())B\n",
        "unquoted": "alice valid-before=20990101 ssh-ed25519 \(key)\n",
        "baseline.yaml": "file: { /etc: { exists: true } }\n",
    ]

    private func readWithFiles(_ text: String) throws(SourceFaults) -> Policy {
        try PolicyFile.read(Array(text.utf8), file: "policy.yaml") { path in
            guard let text = Self.files[path] else { throw NoAttachments() }
            return Array(text.utf8)
        }
    }

    @Test("every key; what is written can be read, and the files are part of it")
    func everyKey() throws {
        let policy = try readWithFiles(
            """
            signers: allowed_signers
            operators: [alice]
            environments:
              staging: {}
              production:
                after: staging
                soak: 2h
                approve: { need: 2, by: [alice, bob], never: [author, committer, promoter] }
                windows: ["Mon-Thu 09:00-17:00 Asia/Tokyo", "Fri 09:00-12:00 Asia/Tokyo"]
                reason: "CHG[0-9]{7}"
                spec: baseline.yaml
                require: [rebaked]
                keep: 5
                retain: 7y
            """)
        let production = try #require(policy.environments.last)
        #expect(production.soak?.seconds == 7200)
        #expect(
            production.approve == ApprovalRule(need: 2, by: ["alice", "bob"], never: [.author, .committer, .promoter]))
        #expect(production.windows.count == 2)
        #expect(production.spec?.text == Self.files["baseline.yaml"])
        #expect(production.keep == 5 && production.retain?.seconds == 7 * 365 * 86_400)
        #expect(policy.signers?.people == ["alice", "bob"] && policy.operators == ["alice"])
        #expect(Policy(try JSON(parsing: policy.json.canonicalBytes)) == policy)
    }

    @Test(
        "what would switch a gate off by a slip of the pen is a fault with its place",
        arguments: [
            ("approve: { need: 0, by: [alice] }", "need is at least 1"),
            ("approve: { need: 1, by: [] }", "by names nobody"),
            ("approve: { need: 2, by: [alice] }", "by names only 1"), ("approve: { need: 1 }", "has no \"by\""),
            ("approve: { by: [alice, alice] }", "stands twice"),
            ("approve: { by: [alcie] }", "is nobody in the signers"),
            ("approve: { by: [alice], never: [] }", "never bars nobody"),
            ("approve: { by: [alice], never: [autor] }", "has no part"), ("soak: 0h", "soak is a length of time"),
            ("soak: 2", "soak is a length of time"), ("windows: []", "windows is never open"),
            ("windows: Mon 09:00-09:00 UTC", "is no window"),
            ("windows: Mon 09:00-17:00 Asia/Tokio", "knows no time zone"),
            ("reason: \".*\"", "matches an empty reason"), ("reason: \"(\"", "is no pattern"),
            ("spec: basline.yaml", "cannot be read"), ("require: []", "require asks for nothing"),
            ("require: [rebake]", "cannot be required"), ("keep: 0", "keep is at least 1"),
            ("retain: 7", "retain is a length"),
        ])
    func slips(rule: String, words: String) {
        let faults = #expect(throws: SourceFaults.self) {
            try readWithFiles("signers: allowed_signers\nenvironments:\n  a:\n    \(rule)\n")
        }
        #expect(faults?.exit == .usage)
        #expect(faults?.faults.first?.line == 4)
        #expect(faults?.faults.first?.message.contains(words) == true, "\(faults?.report ?? "")")
    }

    @Test("approvals without signers, operators without a name")
    func withoutSigners() {
        for text in [
            "environments:\n  a: { approve: { by: [alice] } }", "operators: [alice]\nenvironments: { a: {} }",
            "signers: allowed_signers\noperators: []\nenvironments: { a: {} }",
            "signers: nowhere\nenvironments: { a: {} }",
        ] {
            let faults = #expect(throws: SourceFaults.self) { try readWithFiles(text) }
            #expect(faults?.exit == .usage)
        }
    }

    @Test("options of a key that cannot be read are one fault; whom the other clauses mean is known all the same")
    func unreadableOptions() {
        let faults = #expect(throws: SourceFaults.self) {
            try readWithFiles("signers: unquoted\noperators: [alice]\nenvironments: { a: {} }")
        }
        #expect(
            faults?.faults.map(\.message) == [
                "unquoted:1: the value of valid-before stands in quotes: valid-before=\"…\""
            ])
    }

    private func read(_ text: String) throws(SourceFaults) -> Policy {
        try PolicyFile.read(Array(text.utf8), file: "policy.yaml")
    }
}
