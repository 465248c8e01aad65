package org.telosfs.persistence.isolation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/** Which transaction must come after which other one, and cycles in that. */
final class DependencyGraph {

  private final List<List<Integer>> followers = new ArrayList<>();

  DependencyGraph(int nodes) {
    for (int node = 0; node < nodes; node++) {
      followers.add(new ArrayList<>(2));
    }
  }

  void add(int from, int to) {
    if (from != to) {
      followers.get(from).add(to);
    }
  }

  /**
   * The nodes of a cycle each, of which there is one in every strongly connected part (Tarjan,
   * without recursion).
   */
  List<List<Integer>> cyclicParts() {
    int nodes = followers.size();
    int[] index = new int[nodes];
    int[] low = new int[nodes];
    int[] next = new int[nodes];
    Arrays.fill(index, -1);
    BitSet onStack = new BitSet(nodes);
    Deque<Integer> stack = new ArrayDeque<>();
    Deque<Integer> path = new ArrayDeque<>();
    List<List<Integer>> parts = new ArrayList<>();
    int counter = 0;
    for (int start = 0; start < nodes; start++) {
      if (index[start] >= 0) {
        continue;
      }
      path.push(start);
      while (!path.isEmpty()) {
        int node = path.element();
        if (index[node] < 0) {
          index[node] = counter;
          low[node] = counter++;
          stack.push(node);
          onStack.set(node);
        }
        if (next[node] < followers.get(node).size()) {
          int follower = followers.get(node).get(next[node]++);
          if (index[follower] < 0) {
            path.push(follower);
          } else if (onStack.get(follower)) {
            low[node] = Math.min(low[node], index[follower]);
          }
          continue;
        }
        path.pop();
        if (!path.isEmpty()) {
          low[path.element()] = Math.min(low[path.element()], low[node]);
        }
        if (low[node] == index[node]) {
          List<Integer> part = new ArrayList<>();
          int member;
          do {
            member = stack.pop();
            onStack.clear(member);
            part.add(member);
          } while (member != node);
          if (part.size() > 1) {
            parts.add(part);
          }
        }
      }
    }
    return parts;
  }

  /** Numbers that grow along every edge; there must be no cycle. Ties go to the lower node. */
  long[] ranks() {
    int nodes = followers.size();
    int[] before = new int[nodes];
    followers.forEach(list -> list.forEach(follower -> before[follower]++));
    PriorityQueue<Integer> free = new PriorityQueue<>();
    for (int node = 0; node < nodes; node++) {
      if (before[node] == 0) {
        free.add(node);
      }
    }
    long[] rank = new long[nodes];
    for (long next = 0; !free.isEmpty(); next++) {
      int node = free.remove();
      rank[node] = next;
      for (int follower : followers.get(node)) {
        if (--before[follower] == 0) {
          free.add(follower);
        }
      }
    }
    return rank;
  }

  /**
   * Whether there is a way from one node to another; ranks grow along every edge, so that only what
   * lies between is looked at.
   */
  boolean reaches(int from, int to, long[] rank) {
    BitSet seen = new BitSet();
    Deque<Integer> left = new ArrayDeque<>(List.of(from));
    while (!left.isEmpty()) {
      int node = left.pop();
      if (node == to) {
        return true;
      }
      for (int follower : followers.get(node)) {
        if (rank[follower] <= rank[to] && !seen.get(follower)) {
          seen.set(follower);
          left.push(follower);
        }
      }
    }
    return false;
  }
}
