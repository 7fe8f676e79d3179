import BakeModel

/// Broken glass that cannot be settled as the policy stands: too few people may look at it.
public struct LackOfLookers: Hashable, Sendable {
    /// The user who broke it, as a machine knows them; nil where the policy says who that is.
    let user: String?
    /// Who may look.
    let people: [String]

    /// Describes it.
    /// - Parameters:
    ///   - user: who broke it, where the policy does not say who that is.
    ///   - people: whose look would count.
    /// - Returns: nil where enough are left. Who broke the glass may be one of them where nobody knows who it was: then two look.
    init?(user: String?, people: [String]) {
        guard people.count < (user == nil ? 1 : 2) else { return nil }
        self.user = user
        self.people = people
    }

    /// What is wrong, as a clause.
    public var explanation: String {
        let left = people.isEmpty ? "nobody in the policy's signers may" : "only \(people.joined(separator: ", ")) may"
        return user.map { "nobody knows who \($0) is, who broke the glass, so that two people look, and \(left)" }
            ?? "a second person looks, and \(left)"
    }

    /// What an operator can do about it.
    public var hint: String {
        guard let user, !people.isEmpty else {
            return "add somebody to the policy's signers who wrote none of it, then bake env apply FILE"
        }
        return "name \(user) beside whoever that is in the policy's signers, as in NAME,\(user) ssh-ed25519 …, then "
            + "bake env apply FILE: one other person's look is enough then"
    }
}
