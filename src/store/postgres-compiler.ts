import {
  type BinaryOperationNode,
  OperatorNode,
  PostgresQueryCompiler,
  PrimitiveValueListNode,
} from 'kysely';

/** Writes `in (...)` with a list of values as `= any(...)` of one array: one text, and one plan, for any length. */
export class PostgresCompiler extends PostgresQueryCompiler {
  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const { leftOperand, operator, rightOperand } = node;
    const isList = PrimitiveValueListNode.is(rightOperand);
    if (!isList || !OperatorNode.is(operator) || operator.operator !== 'in') {
      super.visitBinaryOperation(node);
      return;
    }
    this.visitNode(leftOperand);
    this.append(' = any(');
    this.appendValue([...new Set(rightOperand.values)]);
    this.append(')');
  }
}
